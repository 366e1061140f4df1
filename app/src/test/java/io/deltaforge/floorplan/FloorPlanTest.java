package io.deltaforge.floorplan;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.EvaluationResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule of the floor plan holds in our code, and is seen to fail on planted code that breaks it. */
final class FloorPlanTest {
    private static final String OURS = "io.deltaforge";
    private static final PlantedCode PLANTED = new PlantedCode();

    private static JavaClasses ours;
    private static JavaClasses planted;

    @BeforeAll
    static void readClasses(@TempDir Path directory) throws IOException {
        ours = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(OURS);
        PLANTED.compile(directory);
        planted = new ClassFileImporter().importPath(directory);
    }

    @Test
    void everyModuleBelowIsSeen() {
        assertThat(ours)
                .extracting("name")
                .contains(
                        "io.deltaforge.event.Event",
                        "io.deltaforge.sink.kafka.KafkaSink",
                        "io.deltaforge.sandbox.KafkaCluster");
    }

    @ParameterizedTest
    @MethodSource("ruleNames")
    void holdsInOurCode(String rule) {
        assertThat(violations(rule, OURS, ours)).as(rule).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("ruleNames")
    void failsOnPlantedCode(String rule) {
        assertThat(violations(rule, PlantedCode.ROOT, planted))
                .as(rule)
                .anySatisfy(violation ->
                        assertThat(violation).contains(PLANTED.culprit(rule).qualifiedName()));
    }

    private static List<String> violations(String rule, String root, JavaClasses classes) {
        EvaluationResult result = new FloorPlan(root).rules().get(rule).evaluate(classes);
        return result.getFailureReport().getDetails();
    }

    static List<String> ruleNames() {
        return List.copyOf(new FloorPlan(OURS).rules().keySet());
    }
}
