package io.deltaforge.source.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file of {@code postgres-types/}: plain SQL, each {@code insert} followed by the values that its column {@code v} must
 * have in the records, as {@code -- native …} and {@code -- debezium …}, or {@code -- both …}.
 *
 * @param title the file's heading
 * @param prose the comment under it
 * @param setup all statements but the inserts, in order
 */
record TypeCases(String file, String title, String prose, List<String> setup, List<Case> cases) {

    static final List<String> FILES =
            List.of("numbers.sql", "text.sql", "times.sql", "binary.sql", "documents.sql", "arrays.sql", "others.sql");

    /** A form in which a value is written. */
    enum Form {
        NATIVE("native"),
        DEBEZIUM("debezium"),
        DEBEZIUM_STRING("debezium decimal: string"),
        DEBEZIUM_DOUBLE("debezium decimal: double");

        private final String label;

        Form(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    /** In place of a value: the envelope refuses the event. */
    static final String REFUSED = "refused";

    /**
     * A value.
     *
     * @param type as the table declares it
     * @param literal as the insert has it
     * @param json what a record holds, by form; {@link #REFUSED} where there is no record
     */
    record Case(String type, String literal, String insert, Map<Form, String> json) {}

    private static final Pattern TABLE = Pattern.compile("create table (\\w+) \\(v (.*)\\)");
    private static final Pattern INSERT = Pattern.compile("insert into (\\w+) values \\((.*)\\)", Pattern.DOTALL);
    private static final Pattern EXPECTED =
            Pattern.compile("-- (both|native|debezium decimal: string|debezium decimal: double|debezium) +(.*)");

    static TypeCases read(String file) {
        String title = "";
        List<String> prose = new ArrayList<>();
        List<String> setup = new ArrayList<>();
        List<Case> cases = new ArrayList<>();
        String type = "";
        StringBuilder statement = new StringBuilder();
        for (String line : lines(file)) {
            Matcher expected = EXPECTED.matcher(line);
            if (expected.matches()) {
                expect(cases.getLast(), expected.group(1), expected.group(2));
            } else if (line.startsWith("-- # ")) {
                title = line.substring("-- # ".length());
            } else if (line.startsWith("-- ")) {
                prose.add(line.substring("-- ".length()));
            } else if (!line.isBlank()) {
                statement.append(statement.isEmpty() ? "" : "\n").append(line);
                if (line.endsWith(";")) {
                    String sql = statement.substring(0, statement.length() - 1);
                    statement.setLength(0);
                    Matcher insert = INSERT.matcher(sql);
                    if (insert.matches()) {
                        cases.add(new Case(type, insert.group(2), sql, new EnumMap<>(Form.class)));
                    } else {
                        setup.add(sql);
                        Matcher table = TABLE.matcher(sql);
                        type = table.matches() ? table.group(2) : type;
                    }
                }
            }
        }
        return new TypeCases(file, title, String.join("\n", prose), setup, cases);
    }

    private static void expect(Case of, String label, String json) {
        for (Form form : Form.values()) {
            boolean both = label.equals("both") && (form == Form.NATIVE || form == Form.DEBEZIUM);
            if (both || form.label().equals(label)) {
                of.json().put(form, json);
            }
        }
    }

    private static List<String> lines(String file) {
        try (InputStream in = TypeCases.class.getResourceAsStream("/postgres-types/" + file)) {
            if (in == null) {
                throw new IllegalArgumentException("no such resource: " + file);
            }
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
