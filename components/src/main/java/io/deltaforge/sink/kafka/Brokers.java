package io.deltaforge.sink.kafka;

import org.apache.kafka.common.utils.Utils;

/** The setting {@code brokers}: {@code host:port}, separated by commas, as the Kafka client takes it apart. */
final class Brokers {
    private static final int MAX_PORT = 65_535;

    private Brokers() {}

    /** @throws IllegalArgumentException when the client would not take it */
    static void check(String brokers) {
        if (brokers.isBlank()) {
            throw new IllegalArgumentException("brokers must name at least one host:port");
        }
        for (String broker : brokers.split(",")) {
            String address = broker.strip();
            if (address.isEmpty()) {
                continue; // the client passes over a comma too many
            }
            Integer port = Utils.getPort(address);
            if (Utils.getHost(address) == null || port == null) {
                throw new IllegalArgumentException(
                        "brokers must be host:port, separated by commas, but \"" + address + "\" has no port");
            }
            if (port < 1 || port > MAX_PORT) {
                throw new IllegalArgumentException(
                        "brokers must have ports from 1 to " + MAX_PORT + ", but has \"" + address + "\"");
            }
        }
    }
}
