package io.deltaforge.source.syslog;

import io.deltaforge.event.Position;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.spi.ComponentType;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Feed;
import io.deltaforge.spi.Figure;
import io.deltaforge.spi.Source;
import io.deltaforge.spi.intake.Intake;
import io.deltaforge.spi.intake.ListenAddress;
import io.deltaforge.spi.intake.Pump;
import io.deltaforge.spi.tls.ServerTls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ServerSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes messages over TCP, TLS and UDP. Confined to the source thread, except {@link #figures} and the ports. */
public final class SyslogSource implements Source {
    private static final Logger log = LoggerFactory.getLogger(SyslogSource.class);

    public static final ComponentType<Source, SyslogSourceConfig> TYPE = new ComponentType<>(
            Source.class,
            "syslog",
            "Syslog messages (RFC 5424 and RFC 3164) over TCP, TLS and UDP.",
            SyslogSourceConfig.class,
            SyslogSource::new);

    /** Most that waits between the receiving threads and the queues. */
    private static final long MAX_WAITING_BYTES = 16 << 20;

    private final SyslogSourceConfig config;
    private final SourceInfo info;
    private final Intake intake = new Intake(MAX_WAITING_BYTES);
    private final Pump pump;
    private final AtomicLong droppedOverUdp = new AtomicLong();
    private final List<AutoCloseable> listeners = new ArrayList<>();
    private volatile List<Integer> ports = List.of();

    public SyslogSource(SyslogSourceConfig config) {
        this.config = config;
        this.info = new SourceInfo("syslog", config.id(), "");
        this.pump = new Pump(info, intake);
    }

    @Override
    public SourceInfo info() {
        return info;
    }

    /** Over UDP nobody waits. TCP and TLS are paused all the same. */
    @Override
    public boolean canPause() {
        return config.udp() == null;
    }

    @Override
    public boolean canReadAgain() {
        return false;
    }

    @Override
    public Position parsePosition(String text) {
        return pump.parsePosition(text);
    }

    /** Those that are listened on: of TCP, TLS and UDP, in this order; empty while none is. */
    List<Integer> ports() {
        return ports;
    }

    @Override
    public List<Figure> figures() {
        return List.of(new Figure(
                "source.dropped.events",
                "Entries for which there was no room, here or in the system's buffer, and which their sender cannot be asked"
                        + " to keep: syslog over UDP.",
                true,
                droppedOverUdp::get));
    }

    @Override
    public void run(Feed feed) throws Failure {
        pump.begin(feed);
        try {
            listen();
            pump.run(feed);
        } finally {
            close();
        }
        pump.drain(feed);
    }

    private void listen() throws Failure.Fatal {
        List<Integer> bound = new ArrayList<>();
        if (config.tcp() != null) {
            bound.add(tcp("tcp", config.tcp(), ServerSocketFactory.getDefault()));
        }
        if (config.tls() != null) {
            ServerTls files =
                    Objects.requireNonNull(ServerTls.of(config.certFile(), config.keyFile(), config.clientCaFile()));
            bound.add(tcp("tls", config.tls(), files.context().getServerSocketFactory()));
        }
        if (config.udp() != null) {
            bound.add(udp(config.udp()));
        }
        ports = List.copyOf(bound);
    }

    private int tcp(String setting, ListenAddress address, ServerSocketFactory sockets) throws Failure.Fatal {
        try {
            TcpListener listener = TcpListener.start(setting, config, intake, sockets, address.resolve());
            listeners.add(listener);
            log.info("{}: listening on {} {}:{}", config.id(), setting, address.host(), listener.port());
            return listener.port();
        } catch (IOException e) {
            throw address.failure(setting, e);
        }
    }

    private int udp(ListenAddress address) throws Failure.Fatal {
        try {
            UdpListener listener = UdpListener.start(config, intake, droppedOverUdp, address.resolve());
            listeners.add(listener);
            log.info("{}: listening on udp {}:{}", config.id(), address.host(), listener.port());
            return listener.port();
        } catch (IOException e) {
            throw address.failure("udp", e);
        }
    }

    @Override
    public void close() {
        intake.letIn();
        ports = List.of();
        for (AutoCloseable listener : listeners) {
            try {
                listener.close();
            } catch (Exception e) {
                log.warn("{}: closing failed: {}", config.id(), e.getMessage());
            }
        }
        listeners.clear();
    }
}
