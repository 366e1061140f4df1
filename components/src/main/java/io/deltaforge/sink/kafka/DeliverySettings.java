package io.deltaforge.sink.kafka;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/**
 * Settings that the Java producer accepts only in agreement: timeouts, idempotence, compression. Its own rules are in
 * {@code ProducerConfig.postProcessParsedConfig} and {@code KafkaProducer.configureDeliveryTimeout}.
 */
final class DeliverySettings {
    private static final String DELIVERY_TIMEOUT = ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG;
    private static final String REQUEST_TIMEOUT = ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG;
    private static final String LINGER = ProducerConfig.LINGER_MS_CONFIG;
    private static final String MAX_BLOCK = ProducerConfig.MAX_BLOCK_MS_CONFIG;
    private static final String ACKS = ProducerConfig.ACKS_CONFIG;
    private static final String RETRIES = ProducerConfig.RETRIES_CONFIG;
    private static final String IDEMPOTENCE = ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG;
    private static final String IN_FLIGHT = ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION;
    private static final String TWO_PHASES = ProducerConfig.TRANSACTION_TWO_PHASE_COMMIT_ENABLE_CONFIG;
    private static final String METADATA_AGE = ProducerConfig.METADATA_MAX_AGE_CONFIG;
    private static final String SETUP = ProducerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG;
    private static final String SETUP_MAX = ProducerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG;

    private static final long JAVA_REQUEST_TIMEOUT_MS = 30_000;
    private static final long JAVA_SETUP_MAX_MS = 30_000;
    private static final int MOST_IN_FLIGHT_IN_ORDER = 5;
    private static final Map<String, Range> LEVELS = Map.of(
            "gzip", new Range(ProducerConfig.COMPRESSION_GZIP_LEVEL_CONFIG, 1, 9),
            "lz4", new Range(ProducerConfig.COMPRESSION_LZ4_LEVEL_CONFIG, 1, 17),
            "zstd", new Range(ProducerConfig.COMPRESSION_ZSTD_LEVEL_CONFIG, -131_072, 22));

    private final ClientConf conf;
    private final SettingsDraft draft;
    private final boolean exactlyOnce;

    private record Range(String setting, int min, int max) {}

    DeliverySettings(ClientConf conf, SettingsDraft draft, boolean exactlyOnce) {
        this.conf = conf;
        this.draft = draft;
        this.exactlyOnce = exactlyOnce;
    }

    void settle() {
        settleTimeouts();
        settleConnections();
        settleOrder();
        settleTransactions();
        settleCompression();
    }

    private void settleTimeouts() {
        pass("queue.buffering.max.ms", LINGER);
        ClientConf.Given request = conf.get("request.timeout.ms");
        ClientConf.Given socket = conf.get("socket.timeout.ms");
        if (request != null) {
            draft.given(request.key(), REQUEST_TIMEOUT, request.value());
            if (socket != null) {
                draft.warning(socket.key(), "has no effect: request.timeout.ms is given too");
            }
        } else if (socket != null) {
            draft.given(socket.key(), REQUEST_TIMEOUT, socket.value());
        }
        ClientConf.Given message = conf.get("message.timeout.ms");
        if (message != null) {
            boolean unlimited = message.value().equals("0");
            draft.given(
                    message.key(),
                    DELIVERY_TIMEOUT,
                    new SettingsDraft.Plain(unlimited ? Integer.toString(Integer.MAX_VALUE) : message.value()),
                    unlimited ? "0 means no limit" : "");
            if (!unlimited && !draft.isGiven(MAX_BLOCK)) {
                draft.derived(MAX_BLOCK, message.value(), message.key() + " counts from the moment of producing");
            }
        }
        fitRequestTimeout(message == null ? "send_timeout_secs" : message.key());
    }

    /** Java refuses a delivery timeout below linger and request timeout together. */
    private void fitRequestTimeout(String deliveryKey) {
        long delivery = number(DELIVERY_TIMEOUT, 0);
        long linger = number(LINGER, 0);
        if (linger >= delivery) {
            if (draft.isGiven(LINGER)) {
                draft.problem(deliveryKey, "(" + delivery + " ms) must be more than linger.ms (" + linger + " ms)");
                return;
            }
            linger = 0;
            draft.derived(LINGER, "0", deliveryKey + " leaves no time to wait");
        }
        long request = number(REQUEST_TIMEOUT, JAVA_REQUEST_TIMEOUT_MS);
        if (linger + request > delivery) {
            draft.derived(
                    REQUEST_TIMEOUT,
                    Long.toString(delivery - linger),
                    deliveryKey + " (" + delivery + " ms) minus linger.ms (" + linger + " ms) is less than "
                            + (draft.isGiven(REQUEST_TIMEOUT) ? "the " : "the default of ") + request + " ms");
        }
    }

    private void settleConnections() {
        ClientConf.Given interval = conf.get("topic.metadata.refresh.interval.ms");
        ClientConf.Given age = conf.get("metadata.max.age.ms");
        if (interval != null) {
            boolean never = interval.value().equals("-1");
            draft.given(
                    interval.key(),
                    METADATA_AGE,
                    new SettingsDraft.Plain(never ? Long.toString(Long.MAX_VALUE) : interval.value()),
                    never ? "-1 means never" : "");
            if (age != null) {
                draft.warning(age.key(), "has no effect: " + interval.key() + " is given too");
            }
        } else if (age != null) {
            draft.given(age.key(), METADATA_AGE, age.value());
        }
        ClientConf.Given setup = conf.get("socket.connection.setup.timeout.ms");
        if (setup != null) {
            draft.given(setup.key(), SETUP, setup.value());
            if (Long.parseLong(setup.value()) > number(SETUP_MAX, JAVA_SETUP_MAX_MS)) {
                draft.derived(SETUP_MAX, setup.value(), "it must not be less than " + setup.key());
            }
        }
    }

    /** Order per key holds with idempotence, or without it with one request at a time (invariant 2). */
    private void settleOrder() {
        pass("message.send.max.retries", RETRIES);
        pass("max.in.flight.requests.per.connection", IN_FLIGHT);
        ClientConf.Given acks = conf.get("request.required.acks");
        if (acks != null) {
            draft.given(acks.key(), ACKS, acks.value().equals("-1") ? "all" : acks.value());
        }
        pass("enable.idempotence", IDEMPOTENCE);
        String obstacle = idempotenceObstacle();
        ClientConf.Given wanted = conf.get("enable.idempotence");
        boolean mustBe = exactlyOnce || (wanted != null && wanted.value().equals("true"));
        if (mustBe) {
            demandIdempotence(obstacle, wanted);
        } else if (wanted == null && obstacle != null) {
            draft.derived(IDEMPOTENCE, "false", obstacle);
        }
        boolean idempotent = draft.text(IDEMPOTENCE, "true").equals("true");
        long inFlight = number(IN_FLIGHT, MOST_IN_FLIGHT_IN_ORDER);
        if (idempotent && !mustBe && inFlight > MOST_IN_FLIGHT_IN_ORDER) {
            draft.derived(
                    IN_FLIGHT,
                    Integer.toString(MOST_IN_FLIGHT_IN_ORDER),
                    "more than 5 (" + inFlight
                            + " was given) cannot keep the order per key; enable.idempotence=false gives the order up");
        } else if (!idempotent && !draft.isGiven(IN_FLIGHT)) {
            draft.derived(IN_FLIGHT, "1", "without idempotence only one request at a time keeps the order per key");
        } else if (!idempotent && inFlight > 1) {
            draft.warning(IN_FLIGHT, "= " + inFlight + " without idempotence: a retry can change the order per key");
        }
        warnOfLoss();
    }

    /** Why the Java producer would run without idempotence, or refuse it where it is asked for. */
    private @Nullable String idempotenceObstacle() {
        String acks = draft.text(ACKS, "all");
        if (!acks.equals("all")) {
            return "acks=" + acks + " rules idempotence out, which takes acks=all";
        }
        return number(RETRIES, Integer.MAX_VALUE) == 0 ? "retries=0 rules idempotence out" : null;
    }

    private void demandIdempotence(@Nullable String obstacle, ClientConf.@Nullable Given wanted) {
        String why = exactlyOnce ? "exactly_once: true" : "enable.idempotence=true";
        if (obstacle != null) {
            String setting = obstacle.substring(0, obstacle.indexOf('='));
            draft.problem(keyOf(setting), "does not go with " + why + ": " + obstacle);
        }
        if (exactlyOnce && wanted != null && wanted.value().equals("false")) {
            draft.problem(wanted.key(), "must not be false with exactly_once: true: transactions need idempotence");
        }
        if (number(IN_FLIGHT, MOST_IN_FLIGHT_IN_ORDER) > MOST_IN_FLIGHT_IN_ORDER) {
            draft.problem(
                    keyOf(IN_FLIGHT), "must be at most 5 with " + why + ": brokers tell repetitions among 5 requests");
        }
    }

    private void warnOfLoss() {
        String acks = draft.text(ACKS, "all");
        if (acks.equals("0")) {
            draft.warning(
                    "acks",
                    "= 0: events count as delivered once they are sent, so a failing broker loses some;"
                            + " acks=all keeps them (required_acks: -1 in the log-capture dialect)");
        } else if (acks.equals("1")) {
            draft.warning(
                    "acks",
                    "= 1: events are lost when a leader fails before its followers have them; acks=all keeps them"
                            + " (required_acks: -1 in the log-capture dialect)");
        }
    }

    private void settleTransactions() {
        if (!exactlyOnce && draft.isGiven(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG)) {
            draft.warning(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, "has no effect without exactly_once: true");
        }
        if (draft.text(TWO_PHASES, "false").equalsIgnoreCase("true")) {
            draft.problem(TWO_PHASES, "is refused: a transaction without a time limit would hold readers up for ever");
        }
        ClientConf.Given transactionalId = conf.get("transactional.id");
        if (transactionalId == null) {
            return;
        }
        if (!exactlyOnce) {
            draft.problem(transactionalId.key(), "needs the sink's exactly_once: true, which chooses one by itself");
        } else if (transactionalId.value().isEmpty()) {
            draft.problem(transactionalId.key(), "must not be empty: leave it out, and DeltaForge chooses one");
        } else {
            draft.given(transactionalId.key(), ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId.value());
        }
    }

    private void settleCompression() {
        ClientConf.Given level = conf.get("compression.level");
        if (level == null || level.value().equals("-1")) {
            return;
        }
        String type = draft.text(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
        Range range = LEVELS.get(type);
        if (range == null) {
            draft.warning(level.key(), "has no effect: " + type + " compression has no levels");
            return;
        }
        int value = Integer.parseInt(level.value());
        if (value == 0 && type.equals("lz4")) {
            draft.warning(level.key(), "= 0 is the fast compression that lz4 has here by default");
        } else if (value < range.min || value > range.max) {
            draft.problem(
                    level.key(),
                    "must be between " + range.min + " and " + range.max + " for " + type + ", but is " + value);
        } else {
            draft.given(level.key(), range.setting, level.value());
        }
    }

    private void pass(String property, String setting) {
        ClientConf.Given given = conf.get(property);
        if (given != null) {
            draft.given(given.key(), setting, given.value());
        }
    }

    /** The name under which the user gave a setting. */
    private String keyOf(String setting) {
        LibrdkafkaProperty property = LibrdkafkaProperties.find(setting);
        ClientConf.Given given = property == null ? null : conf.get(property.name());
        return given == null ? setting : given.key();
    }

    private long number(String setting, long otherwise) {
        String text = draft.text(setting);
        return text == null ? otherwise : Long.parseLong(text);
    }
}
