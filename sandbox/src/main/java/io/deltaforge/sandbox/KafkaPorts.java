package io.deltaforge.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Where the brokers 1 to n of a cluster listen, on the loopback address.
 *
 * @param protocols of the listeners, by their names
 * @param ports of all brokers for the first listener, then for the second…
 */
record KafkaPorts(SortedMap<String, String> protocols, int brokers, List<Integer> ports) {

    /** The ports of the cluster in this directory, new ones when it has none or they are taken. */
    static KafkaPorts in(Path directory, int brokers, KafkaListeners more) {
        SortedMap<String, String> protocols = new TreeMap<>(more.protocols());
        protocols.put(KafkaListeners.PLAINTEXT, "PLAINTEXT");
        protocols.put(KafkaListeners.CONTROLLER, "PLAINTEXT");
        try {
            List<Integer> ports = Ports.remembered(directory.resolve("ports"), protocols.size() * brokers);
            return new KafkaPorts(protocols, brokers, ports);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot note the brokers' ports", e);
        }
    }

    int port(String listener, int broker) {
        int index = new ArrayList<>(protocols.keySet()).indexOf(listener);
        if (index < 0) {
            throw new IllegalArgumentException("no listener " + listener + ": there are " + protocols.keySet());
        }
        return ports.get(index * brokers + broker - 1);
    }

    /** {@code host:port} of every broker, separated by commas. */
    String addresses(String listener) {
        return IntStream.rangeClosed(1, brokers)
                .mapToObj(broker -> "127.0.0.1:" + port(listener, broker))
                .collect(Collectors.joining(","));
    }

    /** The server property {@code listeners} of a broker. */
    String listeners(int broker) {
        return protocols.keySet().stream()
                .map(listener -> listener + "://127.0.0.1:" + port(listener, broker))
                .collect(Collectors.joining(","));
    }

    String protocolMap() {
        return protocols.entrySet().stream()
                .map(listener -> listener.getKey() + ":" + listener.getValue())
                .collect(Collectors.joining(","));
    }

    String voters() {
        return IntStream.rangeClosed(1, brokers)
                .mapToObj(voter -> voter + "@127.0.0.1:" + port(KafkaListeners.CONTROLLER, voter))
                .collect(Collectors.joining(","));
    }
}
