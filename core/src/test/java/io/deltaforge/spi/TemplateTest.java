package io.deltaforge.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {

    @ParameterizedTest
    @CsvSource({
        "plain, plain",
        "${source.id}, depot-db",
        "${source.connector}, postgresql",
        "${source.db}, depot_prod",
        "${source.schema}.${source.table}, depot.shipments",
        "${op}, u",
        "tx-${tx.id}, tx-4711",
        "${after.id}, 7",
        "${after.to.city}, Ulm",
        "${before.to.city}, Bonn",
        "$${op}, ${op}",
        "a$b$, a$b$",
        "$$${op}, $${op}",
        "}{${op}}, }{u}",
    })
    void rendersAnUpdate(String template, String rendered) {
        assertThat(Template.parse(template).render(Shipments.updated("Bonn", "Ulm")))
                .isEqualTo(rendered);
    }

    @Test
    void valuesAreEscapedAndTheRestIsNot() {
        assertThat(Template.parse("a b/${after.to.city}/${op}")
                        .render(Shipments.updated("Bonn", "New Ulm"), value -> value.replace(' ', '+')))
                .isEqualTo("a b/New+Ulm/u");
        assertThat(Template.parse("${after.to.city}")
                        .render(Shipments.updated("Bonn", "New Ulm"), value -> value.replace(' ', '+')))
                .isEqualTo("New+Ulm");
    }

    @Test
    void theDeletedRowIsTheNewestStateKnown() {
        assertThat(Template.parse("${after.to.city} ${op}").render(Shipments.deleted("Bonn")))
                .isEqualTo("Bonn d");
    }

    @Test
    void aPlaceWithoutAValueLeavesNothing() {
        assertThat(Template.parse("${after.to.city}").render(Shipments.updated("Bonn", null)))
                .isNull();
        assertThat(Template.parse("x-${after.nowhere}").render(Shipments.updated("Bonn", "Ulm")))
                .isNull();
        assertThat(Template.parse("x-${message.prefix}").render(Shipments.updated("Bonn", "Ulm")))
                .isNull();
    }

    @Test
    void aMessageHasAPrefixAndNoTable() {
        assertThat(Template.parse("${message.prefix}-${op}").render(Shipments.message("outbox")))
                .isEqualTo("outbox-m");
        assertThat(Template.parse("${source.table}").render(Shipments.message("outbox")))
                .isNull();
        assertThat(Template.parse("${after.id}").render(Shipments.message("outbox")))
                .isNull();
        assertThat(Template.parse("${source.db}").render(Shipments.message("outbox")))
                .isEqualTo("depot_prod");
    }

    @Test
    void anUnknownPlaceIsNamedWithTheKnownOnes() {
        assertThatThrownBy(() -> Template.parse("${source.tabel}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("${source.tabel} is not known here (known: ${source.id},");
        assertThatThrownBy(() -> Template.parse("${after.}")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Template.parse("${}")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anOpenPlaceIsAnError() {
        assertThatThrownBy(() -> Template.parse("x.${op"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"${op\" has no closing brace");
    }

    @Test
    void saysOnWhatItDepends() {
        assertThat(Template.parse("orders").isConstant()).isTrue();
        assertThat(Template.parse("").isConstant()).isTrue();
        assertThat(Template.parse("$${op}").isConstant()).isTrue();
        assertThat(Template.parse("${source.id}").isConstant()).isFalse();
        assertThat(Template.parse("a.${source.schema}.${source.table}").isPerTable())
                .isTrue();
        assertThat(Template.parse("${source.table}.${op}").isPerTable()).isFalse();
        assertThat(Template.parse("${after.id}").isPerTable()).isFalse();
        assertThat(Template.parse("${tx.id}").isPerTable()).isFalse();
    }

    @Test
    void isWhatWasWritten() {
        assertThat(Template.parse("a-${op}")).hasToString("a-${op}").isEqualTo(Template.parse("a-${op}"));
        assertThat(Template.parse("a-${op}")).isNotEqualTo(Template.parse("b-${op}"));
    }
}
