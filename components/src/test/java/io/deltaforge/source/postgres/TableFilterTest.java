package io.deltaforge.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableFilterTest {

    @ParameterizedTest
    @CsvSource({
        "public.orders, public, orders, true",
        "public.orders, public, order_items, false",
        "public.orders, shop, orders, false",
        "public.Orders, public, orders, false",
        "public.order_s, public, orderXs, false",
        "public.%, public, orders, true",
        "public.*, public, orders, true",
        "public.%, public2, orders, false",
        "public.order%, public, orders, true",
        "public.order%, public, reorders, false",
        "%.orders, shop, orders, true",
        "tenant_%.ord%s, tenant_7, orders, true",
        "tenant_%.ord%s, tenant_7, order, false",
        "public.a+b%, public, a+b2, true",
        "public.a+b%, public, aab2, false",
        "*, anything, at.all, true",
        "'\"my.schema\".\"100%\"', my.schema, 100%, true",
        "'\"my.schema\".\"100%\"', my.schema, 1000, false",
        "'s.\"a\"\"b\"', s, 'a\"b', true",
        "größe.Straße, größe, Straße, true",
    })
    void anEntryMatchesByNameOrPattern(String entry, String schema, String table, boolean captured) {
        assertThat(TableFilter.parse(List.of(entry)).captures(schema, table)).isEqualTo(captured);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "orders", "a.b.c", ".orders", "public.", "\"public.orders\""})
    void anEntryWithoutTwoPartsIsRefused(String entry) {
        assertThatThrownBy(() -> TableFilter.parse(List.of("public.ok", entry)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("schema.table");
    }

    @Test
    void anEmptyListIsRefused() {
        assertThatThrownBy(() -> TableFilter.parse(List.of())).hasMessageContaining("at least one");
    }
}
