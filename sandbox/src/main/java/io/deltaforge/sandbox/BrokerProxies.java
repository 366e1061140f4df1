package io.deltaforge.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A fault proxy before each broker's listener PROXIED, where the cluster has one: clients are sent to it. */
record BrokerProxies(List<FaultProxy> proxies) implements AutoCloseable {

    static BrokerProxies before(KafkaPorts ports) {
        List<FaultProxy> proxies = new ArrayList<>();
        if (ports.protocols().containsKey(KafkaListeners.PROXIED)) {
            for (int broker = 1; broker <= ports.brokers(); broker++) {
                proxies.add(FaultProxy.to("127.0.0.1", ports.port(KafkaListeners.PROXIED, broker)));
            }
        }
        return new BrokerProxies(proxies);
    }

    FaultProxy before(int broker) {
        if (proxies.isEmpty()) {
            throw new IllegalStateException("no broker has a proxy: start the cluster with KafkaListeners.proxied()");
        }
        return proxies.get(broker - 1);
    }

    /** {@code host:port} of every proxy, separated by commas. */
    String addresses() {
        return proxies.stream().map(FaultProxy::address).collect(Collectors.joining(","));
    }

    /** The server property {@code advertised.listeners} of a broker. */
    String advertised(KafkaPorts ports, int broker) {
        return ports.protocols().keySet().stream()
                .filter(listener -> !listener.equals(KafkaListeners.CONTROLLER))
                .map(listener -> listener + "://"
                        + (listener.equals(KafkaListeners.PROXIED)
                                ? before(broker).address()
                                : "127.0.0.1:" + ports.port(listener, broker)))
                .collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        proxies.forEach(FaultProxy::close);
    }
}
