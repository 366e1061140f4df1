package io.deltaforge.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.event.Event;
import io.deltaforge.event.Op;
import io.deltaforge.event.Row;
import io.deltaforge.event.Table;
import io.deltaforge.spi.EventFilter.Kind;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventFilterTest {
    private static final Row ROW = Row.ofTexts("7", "Ulm");

    @ParameterizedTest
    @CsvSource({
        "CREATE, INSERT",
        "UPDATE, UPDATE",
        "DELETE, DELETE",
        "TRUNCATE, TRUNCATE",
        "READ, READ",
    })
    void eachOpHasItsName(Op op, Kind kind) {
        Event event = Shipments.change(op, ROW, ROW, Shipments.transaction("0/1"), 0);

        assertThat(Stream.of(Kind.values()).filter(one -> filter(List.of(), one).passesOp(event)))
                .containsExactly(kind);
    }

    @Test
    void aMessageIsOfNoTableAndHasItsOwnName() {
        Event message = Shipments.message("audit");

        assertThat(filter(List.of(), Kind.MESSAGE, Kind.INSERT).passesOp(message))
                .isTrue();
        assertThat(filter(List.of(), Kind.INSERT).passesOp(message)).isFalse();
        assertThat(filter(List.of("depot.%")).passesWithoutTable()).isFalse();
        assertThat(filter(List.of()).passesWithoutTable()).isTrue();
    }

    @Test
    void aTablePassesWhenOneOfThePatternsNamesIt() {
        EventFilter filter = filter(List.of("depot.ship%", "shop.orders"));

        assertThat(filter.passes(Shipments.TABLE)).isTrue();
        assertThat(filter.passes(new Table("shop", "orders", List.of()))).isTrue();
        assertThat(filter.passes(new Table("shop", "orders2", List.of()))).isFalse();
        assertThat(filter(List.of("*")).passes(Shipments.TABLE)).isTrue();
    }

    @Test
    void withoutAnythingSaidEverythingPasses() {
        EventFilter filter = filter(List.of());

        assertThat(filter.isNone()).isTrue();
        assertThat(filter.passes(Shipments.TABLE)).isTrue();
        assertThat(filter.passesOp(Shipments.deleted("Ulm"))).isTrue();
        assertThat(filter(List.of("*")).isNone()).isFalse();
        assertThat(filter(List.of(), Kind.READ).isNone()).isFalse();
    }

    private static EventFilter filter(List<String> tables, Kind... ops) {
        return new EventFilter(tables.stream().map(TablePattern::parse).toList(), List.of(ops));
    }
}
