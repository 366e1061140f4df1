package io.deltaforge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.spi.BatchPolicy;
import io.deltaforge.spi.CommitPolicy;
import io.deltaforge.spi.EventFilter;
import io.deltaforge.spi.SpoolPolicy;
import io.deltaforge.spi.TablePattern;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PipelineFilesTest {
    @TempDir
    Path directory;

    @Test
    void aFilterStandsBesideASinksTypeAndConfig() throws IOException {
        String yaml = Orders.PIPELINE.replace("    - type: kafka\n", """
                    - type: kafka
                      filter: {tables: [public.orders, "shop.%"], ops: [insert, delete]}
                """);

        PipelineConfig pipeline = loaded(yaml, Map.of());

        EventFilter filter = pipeline.filters().get("orders-kafka");
        assertThat(filter.tables()).extracting(TablePattern::text).containsExactly("public.orders", "shop.%");
        assertThat(filter.ops()).containsExactly(EventFilter.Kind.INSERT, EventFilter.Kind.DELETE);
        assertThat(loaded(Orders.PIPELINE, Map.of())
                        .filters()
                        .get("orders-kafka")
                        .isNone())
                .isTrue();
    }

    @Test
    void whatIsWrongInAFilterIsSaidWhereItStands() throws IOException {
        String yaml = Orders.PIPELINE.replace("    - type: kafka\n", """
                    - type: kafka
                      filter: {tables: [orders], ops: [inserts, update], table: []}
                      filtr: {}
                """);

        assertThat(problems(yaml))
                .anySatisfy(problem -> assertThat(problem)
                        .contains("spec.sinks[0].filter.tables[0]")
                        .contains("'orders' must be schema.table, e.g. public.orders"))
                .anySatisfy(problem -> assertThat(problem)
                        .contains("spec.sinks[0].filter.ops[0]")
                        .contains("did you mean insert?"))
                .anySatisfy(problem -> assertThat(problem)
                        .contains("spec.sinks[0].filter.table")
                        .contains("unknown key"))
                .anySatisfy(problem ->
                        assertThat(problem).contains("spec.sinks[0].filtr").contains("unknown key"));
    }

    @Test
    void bindsEveryKindOfSetting() throws IOException {
        String yaml =
                Orders.PIPELINE.replace("      tables: [public.orders]\n", """
                              tables:
                                - public.orders
                                - ${SCHEMA:-public}.items
                              start_position: {lsn: "0/16B3748"}
                              on_missing: start_again
                              owner: null
                              ratio: 3
                              pool: {threads: 4}
                              comment: nightly
                              max_bytes: 4_000_000_000
                        """).replace("        topic: orders\n", """
                                topic: shop.${source.table}.${ENVIRONMENT}
                                envelope: {type: fancy, type_prefix: com.acme}
                                required: false
                                client_conf:
                                  message.timeout.ms: "5000"
                                  linger.ms: 5
                                  enable.idempotence: true
                                  queue.kbytes: 1048576
                                  price: 1.50
                          batch: {max_events: 5000, respect_source_tx: false}
                          commit_policy: {mode: quorum, quorum: 1}
                          spool: {max_bytes: 2097152, when_full: pause}
                          processors: []
                        """);

        PipelineConfig pipeline = loaded(yaml, Map.of("ENVIRONMENT", "test"));

        assertThat(pipeline.name()).isEqualTo("orders");
        assertThat(pipeline.tenant()).isEqualTo("acme");
        Orders.SourceConfig source = ((Orders.TestSource) pipeline.source()).config();
        assertThat(source.dsn().reveal()).isEqualTo("postgres://shop:pa55word@db/shop");
        assertThat(source.tables()).containsExactly("public.orders", "public.items");
        assertThat(source.startPosition()).isEqualTo(new Orders.Start.At("0/16B3748"));
        assertThat(source.onMissing()).isEqualTo(Orders.Mode.START_AGAIN);
        assertThat(source.owner()).isNull();
        assertThat(source.ratio()).isEqualTo(3.0);
        assertThat(source.pool()).isEqualTo(new Orders.Pool(4, Duration.ofSeconds(5)));
        assertThat(source.comment()).hasValue("nightly");
        assertThat(source.maxBytes()).isEqualTo(4_000_000_000L);
        Orders.SinkConfig sink = sink(pipeline);
        assertThat(sink.topic()).hasToString("shop.${source.table}.test");
        assertThat(sink.envelope()).isEqualTo(new Orders.FancyEnvelope(new Orders.FancyConfig("com.acme", false)));
        assertThat(sink.encoding()).isSameAs(Orders.JSON);
        assertThat(sink.required()).isFalse();
        assertThat(sink.clientConf())
                .containsExactly(
                        Map.entry("message.timeout.ms", "5000"),
                        Map.entry("linger.ms", "5"),
                        Map.entry("enable.idempotence", "true"),
                        Map.entry("queue.kbytes", "1048576"),
                        Map.entry("price", "1.50"));
        assertThat(pipeline.batch()).isEqualTo(new BatchPolicy(5000, 1 << 20, 100, false, 4));
        assertThat(pipeline.commitPolicy()).isEqualTo(new CommitPolicy(CommitPolicy.Mode.QUORUM, 1));
        assertThat(pipeline.spool()).isEqualTo(new SpoolPolicy(2 << 20, SpoolPolicy.WhenFull.PAUSE));
    }

    @Test
    void aBlockWithoutItsConfigReportsWhatItNeeds() throws IOException {
        String yaml = Orders.PIPELINE.substring(0, Orders.PIPELINE.indexOf("      config:\n        id: orders-kafka"));

        assertThat(problems(yaml))
                .containsExactly(
                        "orders.yaml:14 spec.sinks[0].config.id: required, but missing",
                        "orders.yaml:14 spec.sinks[0].config.brokers: required, but missing",
                        "orders.yaml:14 spec.sinks[0].config.topic: required, but missing");
    }

    /** One wrong line at a time: the line it replaces, what it says instead, and what is reported. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        apiVersion: deltaforge/v1 | apiVersion: deltaforge/v2 | :1 apiVersion: apiVersion must be deltaforge/v1
        kind: Pipeline | kind: Pipelines | :2 kind: kind must be Pipeline
        kind: Pipeline | kinds: Pipeline | :2 kinds: unknown key (did you mean kind?)
        name: orders | name: orders/eu | :4 metadata.name: name must be letters, digits, '.', '_' and '-', begin with a letter or digit and have at most 200
        tenant: acme | tenant: [acme] | :5 metadata.tenant: expected a text, found a list
        tenant: acme | tenant: acme{n}  name: other | :6 metadata.name: duplicate key (it stands on line 4 already)
        type: postgres | type: postgresql | :8 spec.source.type: unknown source "postgresql" (did you mean postgres?)
        type: postgres | type: oracle | :8 spec.source.type: unknown source "oracle" (known: postgres)
        type: postgres | name: postgres | :7 spec.source.type: required, but missing (known: postgres)
        type: kafka | type: ${KIND} | :14 spec.sinks[0].type: environment variable KIND is not set (set it, or give a default: ${KIND:-…})
        id: orders-db | ident: orders-db | :10 spec.source.config.ident: unknown key (known: id, dsn, tables, start_position, on_missing, owner, ratio, pool, comment, max_bytes)
        tables: [public.orders] | tables: public.orders | :12 spec.source.config.tables: expected a list, found "public.orders" (write it as a list: [a, b])
        tables: [public.orders] | tables: [a, {b: c}] | :12 spec.source.config.tables[1]: expected a text, found a block of keys
        tables: [public.orders] | tables: [a, ~] | :12 spec.source.config.tables[1]: expected a text, found nothing
        tables: [public.orders] | tables: [a]{n}      ratio: half | :13 spec.source.config.ratio: expected a number, found "half"
        tables: [public.orders] | tables: [a]{n}      max_bytes: abc | :13 spec.source.config.max_bytes: expected a whole number, found "abc"
        tables: [public.orders] | tables: [a]{n}      max_bytes: ${TEXT} | :13 spec.source.config.max_bytes: expected a whole number, found something else in ${TEXT}
        tables: [public.orders] | tables: [a]{n}      max_bytes: 0 | :9 spec.source.config: a byte for each thread is the least
        tables: [public.orders] | tables: [a]{n}      pool: {threads: 0} | :13 spec.source.config.pool.threads: threads must be at least 1
        tables: [public.orders] | tables: [a]{n}      pool: {threads: 3000000000} | :13 spec.source.config.pool.threads: expected a whole number of at most 2147483647, found "3000000000"
        tables: [public.orders] | tables: [a]{n}      pool: {patience: 5} | :13 spec.source.config.pool.patience: expected a duration such as 100ms, 5s or 1m, found "5"
        tables: [public.orders] | tables: [a]{n}      on_missing: start_agan | :13 spec.source.config.on_missing: expected one of fail, start_again, found "start_agan" (did you mean start_again?)
        tables: [public.orders] | tables: [a]{n}      start_position: begin | :13 spec.source.config.start_position: a start is earliest or {lsn: …}
        tables: [public.orders] | tables: [a]{n}      start_position: {zone: CET} | :13 spec.source.config.start_position.time: required, but missing
        tables: [public.orders] | tables: [a]{n}      start_position: [1] | :13 spec.source.config.start_position: expected a text or a block of settings, found a list
        brokers: kafka:9092 | brokres: kafka:9092 | :17 spec.sinks[0].config.brokres: unknown key (did you mean brokers?)
        brokers: kafka:9092 | brokers: ${source.table} | :17 spec.sinks[0].config.brokers: ${source.table} is a template, and this setting is the same for every event (write $${source.table} for the text itself)
        brokers: kafka:9092 | brokers: ${kafka_brokers} | :17 spec.sinks[0].config.brokers: ${kafka_brokers} is neither an environment variable nor a template (environment variables are written in capitals: ${KAFKA_BROKERS})
        brokers: kafka:9092 | brokers: ${1} | :17 spec.sinks[0].config.brokers: ${1} is neither an environment variable nor a template (write $${1} for the text itself)
        brokers: kafka:9092 | brokers: ${KAFKA | :17 spec.sinks[0].config.brokers: a ${ without its closing brace (write $${ for the text itself)
        brokers: kafka:9092 | brokers: ${BROKERS:-${OTHER}} | :17 spec.sinks[0].config.brokers: the default of ${BROKERS:-…} holds another ${…} (write a plain text as the default)
        topic: orders | topic: ${source.tabel} | :18 spec.sinks[0].config.topic: ${source.tabel} is not known here (known: ${source.id}, ${source.connector}, ${source.db}, ${source.schema}, ${source.table}, ${op}, ${tx.id}, ${message.prefix}, ${after.<column>}, ${before.<column>}, ${log.stream}, ${log.level}, ${label.<name>}, ${field.<name>})
        topic: orders | topic: orders{n}        required: yes | :19 spec.sinks[0].config.required: expected true or false, found "yes"
        topic: orders | topic: orders{n}        envelope: debezium | :19 spec.sinks[0].config.envelope: unknown envelope "debezium" (known: plain, fancy)
        topic: orders | topic: orders{n}        envelope: fancy | :19 spec.sinks[0].config.envelope.type_prefix: required, but missing
        topic: orders | topic: orders{n}        envelope: {type: plain, pretty: true} | :19 spec.sinks[0].config.envelope.pretty: unknown key (there are no settings here)
        topic: orders | topic: orders{n}        client_conf: {acks: [1]} | :19 spec.sinks[0].config.client_conf.acks: expected a text, found a list
        topic: orders | topic: orders{n}        client_conf: {retries: 1} | :19 spec.sinks[0].config.client_conf.retries: must not be set
        topic: orders | topic: orders{n}        client_conf: acks=1 | :19 spec.sinks[0].config.client_conf: expected a block of `key: value` lines, found "acks=1"
        topic: orders | topic: orders{n}      retries: 1 | :19 spec.sinks[0].retries: unknown key (known: type, config, filter)
        topic: orders | topic: orders{n}  processors: [{type: filter}] | :19 spec.processors[0].type: unknown processor "filter" (there is no processor yet)
        topic: orders | topic: orders{n}  batch: {max_events: 0} | :19 spec.batch.max_events: max_events must be at least 1
        topic: orders | topic: orders{n}  batch: {max_event: 1} | :19 spec.batch.max_event: unknown key (did you mean max_events?)
        topic: orders | topic: orders{n}  commit_policy: {mode: quorum, quorum: 2} | :19 spec.commit_policy: a quorum of 2 can never be reached by 1 sink
        topic: orders | topic: orders{n}---{n}a: 1 | :20: a second document starts here (one pipeline per file: give it its own)
        topic: orders | topic: {{ topic }} | :18: not YAML: a key must be a plain text
        topic: orders | topic: *orders | :18 spec.sinks[0].config.topic: nothing before this is marked &orders
        topic: orders | topic: @orders | :18: not YAML: found character '@' that cannot start any token. (Do not use @ for indentation)
        topic: orders | topic: {a: ${B}} | :18: not YAML: expected ',' or '}', but got { (between { } and [ ] a ${NAME} must stand in quotes)
        """)
    void saysWhereItIsWrongAndWhatToWrite(String line, String instead, String problem) throws IOException {
        assertThat(Orders.PIPELINE).contains(line);
        String yaml = Orders.PIPELINE.replaceFirst(
                Pattern.quote(line), Matcher.quoteReplacement(instead.replace("{n}", "\n")));

        assertThat(problems(yaml)).contains("orders.yaml" + problem);
    }

    @Test
    void reportsAllProblemsOfAllFilesAtOnce() throws IOException {
        Path first = write(
                "orders.yaml",
                Orders.PIPELINE
                        .replace("brokers: kafka:9092", "brokres: kafka:9092")
                        .replace("topic: orders", "topic: ${TOPIC}")
                        .replace("postgres://shop:pa55word@db/shop", "${POSTGRES_DSN}"));
        Path second = write("items.yaml", Orders.PIPELINE.replace("kind: Pipeline\n", ""));
        Path missing = Path.of("missing.yaml");

        List<Problem> problems =
                files(Map.of()).load(List.of(first, second, missing, directory)).problems();

        assertThat(problems.stream().map(this::shown))
                .containsExactly(
                        "orders.yaml:11 spec.source.config.dsn: environment variable POSTGRES_DSN is not set (set it, or"
                                + " give a default: ${POSTGRES_DSN:-…})",
                        "orders.yaml:17 spec.sinks[0].config.brokres: unknown key (did you mean brokers?)",
                        "orders.yaml:18 spec.sinks[0].config.topic: environment variable TOPIC is not set (set it, or give"
                                + " a default: ${TOPIC:-…})",
                        "items.yaml:1 kind: required, but missing",
                        "missing.yaml: no such file",
                        directory + ": is a directory (name the files in it)");
        assertThat(problems.get(1)).extracting(Problem::line, Problem::column).containsExactly(17, 9);
    }

    @Test
    void twoSinksOfOneNameAndTwoPipelinesOfOneNameWouldShareACheckpoint() throws IOException {
        String sinks = Orders.PIPELINE.substring(Orders.PIPELINE.indexOf("    - type: kafka"));
        Path first = write("orders.yaml", Orders.PIPELINE);
        Path second = write("copy.yaml", Orders.PIPELINE + sinks);

        List<Problem> problems = files(Map.of()).load(List.of(first, second)).problems();

        assertThat(problems.stream().map(this::shown))
                .containsExactly(
                        "copy.yaml:4 metadata.name: the pipeline of " + first
                                + " is called \"orders\" too (checkpoints are kept under the name: give each its own)",
                        "copy.yaml:21 spec.sinks[1].config.id: another sink of this pipeline is called \"orders-kafka\" (a"
                                + " sink's checkpoint is kept under its id: give each its own)");
    }

    @Test
    void noMessageShowsASecretWhereverItCameFrom() throws IOException {
        String yaml = Orders.PIPELINE
                .replace("postgres://shop:pa55word@db/shop", "${DSN}")
                .replace(
                        "topic: orders",
                        "topic: ${source.tabel}${SASL}\n        client_conf: {\"sasl.password\": \"${SASL}\"}");

        List<String> problems =
                problems(yaml, Map.of("DSN", "mysql://shop:hunter2hunter2@db", "SASL", "pa55word-of-sasl"));

        assertThat(problems)
                .hasSize(2)
                .allSatisfy(problem -> assertThat(problem).doesNotContain("hunter2", "pa55word-of-sasl"))
                .anySatisfy(problem -> assertThat(problem).endsWith("dsn must begin with postgres://, unlike ***"));
    }

    @Test
    void whatAConstructorSaysOfTheEntriesOfABlockIsReportedAtEachOfThem() throws IOException {
        String block = "topic: orders\n        client_conf:\n          acks: 1\n          linger.ms: ${LINGER}\n";

        assertThat(problems(Orders.PIPELINE.replace("topic: orders", block), Map.of("LINGER", "abcdef")))
                .containsExactly(
                        "orders.yaml:19 spec.sinks[0].config.client_conf: the two do not fit",
                        "orders.yaml:20 spec.sinks[0].config.client_conf.acks: must be all",
                        "orders.yaml:21 spec.sinks[0].config.client_conf.linger.ms: must not be ***");
    }

    @Test
    void aParserErrorDoesNotQuoteTheLine() throws IOException {
        String yaml = Orders.PIPELINE.replace("dsn: postgres://shop:pa55word@db/shop", "dsn: \"pa55word\" pa55word");

        assertThat(problems(yaml))
                .hasSize(1)
                .allSatisfy(problem -> assertThat(problem)
                        .startsWith("orders.yaml:11: not YAML: ")
                        .doesNotContain("pa55word"));
    }

    @Test
    void theEnvironmentIsPutInOnceAndNotReadAsATemplate() throws IOException {
        String yaml = Orders.PIPELINE
                .replace("topic: orders", "topic: ${PREFIX}.$${op}.${op}.${EMPTY:-default}")
                .replace("brokers: kafka:9092", "brokers: $${KAFKA}/${PREFIX}");

        Orders.SinkConfig sink = sink(loaded(yaml, Map.of("PREFIX", "${source.table}", "EMPTY", "")));

        assertThat(sink.topic()).hasToString("$${source.table}.$${op}.${op}.default");
        assertThat(sink.brokers()).isEqualTo("${KAFKA}/${source.table}");
    }

    @Test
    void anchorsAreFollowed() throws IOException {
        String second = Orders.PIPELINE
                .substring(Orders.PIPELINE.indexOf("    - type: kafka"))
                .replace("orders-kafka", "copy");
        String yaml = Orders.PIPELINE + "        client_conf: &client {acks: all}\n" + second
                + "        client_conf: *client\n";

        PipelineConfig pipeline = loaded(yaml, Map.of());

        assertThat(((Orders.TestSink) pipeline.sinks().get(1)).config().clientConf())
                .isEqualTo(Map.of("acks", "all"));
    }

    @Test
    void anchorsOfPlainValuesAreFollowed() throws IOException {
        String second = Orders.PIPELINE
                .substring(Orders.PIPELINE.indexOf("    - type: kafka"))
                .replace("orders-kafka", "copy")
                .replace("topic: orders", "topic: *topic");
        String yaml = Orders.PIPELINE.replace("topic: orders", "topic: &topic orders") + second;

        PipelineConfig pipeline = loaded(yaml, Map.of());

        assertThat(((Orders.TestSink) pipeline.sinks().get(1)).config().topic()).hasToString("orders");
    }

    @Test
    void filesThatAreNoPipelines() throws IOException {
        assertThat(problems("")).containsExactly("orders.yaml: holds no pipeline");
        assertThat(problems("# nothing\n")).containsExactly("orders.yaml: holds no pipeline");
        assertThat(problems("- a\n")).containsExactly("orders.yaml:1: expected a pipeline, found a list");
        assertThat(problems("just text")).containsExactly("orders.yaml:1: expected a pipeline, found \"just text\"");
        Path latin = directory.resolve("latin.yaml");
        Files.write(latin, "name: Käse".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(files(Map.of()).load(List.of(latin)).problems())
                .extracting(this::shown)
                .containsExactly("latin.yaml: is not UTF-8 text");
    }

    private PipelineConfig loaded(String yaml, Map<String, String> environment) throws IOException {
        PipelineFiles.Loaded loaded = files(environment).load(List.of(write("orders.yaml", yaml)));
        assertThat(loaded.problems()).isEmpty();
        return loaded.pipelines().getFirst();
    }

    private List<String> problems(String yaml) throws IOException {
        return problems(yaml, Map.of("TEXT", "abc"));
    }

    private List<String> problems(String yaml, Map<String, String> environment) throws IOException {
        PipelineFiles.Loaded loaded = files(environment).load(List.of(write("orders.yaml", yaml)));
        assertThat(loaded.pipelines()).isEmpty();
        return loaded.problems().stream().map(this::shown).toList();
    }

    private String shown(Problem problem) {
        return problem.toString().replaceFirst("^" + Pattern.quote(directory + "/"), "");
    }

    private static PipelineFiles files(Map<String, String> environment) {
        return new PipelineFiles(Orders.COMPONENTS, environment);
    }

    private static Orders.SinkConfig sink(PipelineConfig pipeline) {
        return ((Orders.TestSink) pipeline.sinks().getFirst()).config();
    }

    private Path write(String name, String yaml) throws IOException {
        return Files.writeString(directory.resolve(name), yaml);
    }
}
