package io.deltaforge.server;

import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.router.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ServerSocketChannel;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Answers GET requests on an address that is already taken. Requests run on virtual threads. */
final class HttpServer implements AutoCloseable {
    private final Javalin javalin;

    /** Answers one request. */
    interface Answer {
        void to(Context request) throws IOException;
    }

    /** @param routes path to answer */
    HttpServer(String name, ServerSocketChannel channel, Map<String, Answer> routes) {
        javalin = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.startup.startupWatcherEnabled = false;
            config.http.defaultContentType = "application/json";
            config.jetty.threadPool = threads(name);
            config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
            config.jetty.addConnector((server, http) -> connector(server, http, channel));
            routes.forEach((path, answer) -> get(config.routes, path, answer));
            String nothing = "{\"error\":\"there is nothing here; there are: "
                    + String.join(", ", new TreeSet<>(routes.keySet())) + "\"}\n";
            config.routes.error(404, "*", context -> {
                if (!String.valueOf(context.result())
                        .startsWith("{\"error\"")) { // Javalin's own words, not an answer's
                    context.result(nothing);
                }
            });
        });
        javalin.start();
    }

    private static void get(RoutesConfig routes, String path, Answer answer) {
        routes.addEndpoint(new Endpoint(HandlerType.GET, path, answer::to));
    }

    /** One thread accepts, one selects: a few requests a second come in, and each is answered on a thread of its own. */
    private static ServerConnector connector(Server server, HttpConfiguration http, ServerSocketChannel channel) {
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        try {
            connector.open(channel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return connector;
    }

    private static QueuedThreadPool threads(String name) {
        QueuedThreadPool threads = new QueuedThreadPool(8, 1);
        threads.setName(name);
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        threads.setVirtualThreadsExecutor(Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(name + "-", 0).factory()));
        return threads;
    }

    @Override
    public void close() {
        javalin.stop();
    }
}
