package io.deltaforge.source.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.source.postgres.TypeCases.Case;
import io.deltaforge.source.postgres.TypeCases.Form;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The reference page is made of the statements that {@link PostgresTypesIT} runs. */
class PostgresTypesPageTest {
    private static final Path PAGE = Path.of("..", "docs", "reference", "postgres-types.md");
    /** Set to {@code true}, writes the page instead of comparing it. */
    private static final String WRITE = "deltaforge.docs.write";

    @Test
    void thePageIsWhatTheStatementsSay() throws IOException {
        String page = page();
        if (Boolean.getBoolean(WRITE)) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, page);
        }

        assertThat(PAGE)
                .as("to write it anew: mvn -pl components -am test -Dtest=PostgresTypesPageTest -D%s=true", WRITE)
                .content()
                .isEqualTo(page);
    }

    @Test
    void everyValueSaysWhatItBecomesInBothForms() {
        for (String file : TypeCases.FILES) {
            assertThat(TypeCases.read(file).cases())
                    .as(file)
                    .isNotEmpty()
                    .allSatisfy(
                            each -> assertThat(each.json()).as(each.insert()).containsKeys(Form.NATIVE, Form.DEBEZIUM));
        }
    }

    private static String page() throws IOException {
        StringBuilder page = new StringBuilder(head());
        for (String file : TypeCases.FILES) {
            TypeCases cases = TypeCases.read(file);
            page.append("\n## ").append(cases.title()).append("\n\n");
            if (!cases.prose().isEmpty()) {
                page.append(cases.prose()).append("\n\n");
            }
            page.append("| type | value | native, cloudevents | debezium |\n|---|---|---|---|\n");
            String type = "";
            for (Case each : cases.cases()) {
                page.append("| ").append(each.type().equals(type) ? "" : code(each.type()));
                type = each.type();
                page.append(" | ").append(code(each.literal()));
                page.append(" | ").append(form(each, Form.NATIVE));
                page.append(" | ").append(debezium(each)).append(" |\n");
            }
        }
        return page.toString();
    }

    private static String debezium(Case each) {
        StringBuilder cell = new StringBuilder(form(each, Form.DEBEZIUM));
        for (Form form : Form.values()) {
            if (form != Form.NATIVE && form != Form.DEBEZIUM && each.json().containsKey(form)) {
                String setting = form.label().substring(Form.DEBEZIUM.label().length() + 1);
                cell.append("<br>").append(code(setting)).append(" → ").append(form(each, form));
            }
        }
        return cell.toString();
    }

    private static String form(Case each, Form form) {
        String json = each.json().getOrDefault(form, "");
        return json.equals(TypeCases.REFUSED) ? "*refused*" : code(json);
    }

    /** A bar would end the cell. */
    private static String code(String text) {
        return '`' + text.replace("|", "\\|") + '`';
    }

    private static String head() throws IOException {
        try (InputStream in = PostgresTypesPageTest.class.getResourceAsStream("/postgres-types/page.md")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
