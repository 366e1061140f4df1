package io.deltaforge.floorplan;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * The floor plan: who may import whom, below one root package. DESIGN.md's table of imports, and the rules of style that a
 * machine can see.
 */
final class FloorPlan {
    /** Package to the packages it may import beside itself. A component may import no other component. */
    private static final Map<String, List<String>> IMPORTS = Map.ofEntries(
            Map.entry("event", List.of()),
            Map.entry("spi", List.of("event")),
            Map.entry("checkpoint", List.of("event", "spi")),
            Map.entry("reliability", List.of("event", "spi")),
            Map.entry("engine", List.of("event", "spi", "checkpoint", "reliability")),
            Map.entry("config", List.of("spi")),
            Map.entry("server", List.of("engine", "reliability", "config", "spi", "event")),
            Map.entry(
                    "cli",
                    List.of("server", "engine", "config", "spi", "event", "checkpoint", "reliability", "sandbox")),
            Map.entry("sandbox", List.of()));

    private static final List<String> COMPONENTS = List.of("source", "processor", "envelope", "encoding", "sink");

    /** A library's package to those of ours that may use it: everyone else stays free of it. */
    private static final Map<String, List<String>> LIBRARIES = Map.ofEntries(
            Map.entry("org.postgresql", List.of("source.postgres", "sandbox")),
            Map.entry("org.apache.kafka", List.of("sink.kafka", "source.kafka", "sandbox")),
            Map.entry("org.sqlite", List.of("checkpoint", "reliability")),
            Map.entry("java.sql", List.of("checkpoint", "reliability", "source.postgres", "sandbox")),
            Map.entry("com.github.luben.zstd", List.of("sink.file")),
            Map.entry("java.net.http", List.of("sink.http", "cli", "sandbox")),
            Map.entry("com.sun.net.httpserver", List.of("source.http")),
            Map.entry("io.javalin", List.of("server")),
            Map.entry("org.eclipse.jetty", List.of("server")),
            Map.entry("jakarta.servlet", List.of("server")),
            Map.entry("io.micrometer", List.of("server", "cli")),
            Map.entry("com.fasterxml.jackson", List.of("config", "server", "cli", "source.docker", "source.logs")),
            Map.entry("picocli", List.of("cli")),
            Map.entry("dev.failsafe", List.of("reliability")));

    /** What runs once per event, and may not build a pipeline of objects for it (STYLE.md, rule 13). */
    private static final List<String> HOT_PACKAGES = List.of("event", "spi.value", "envelope", "encoding");

    /** In the other packages: how the names of those classes end. */
    private static final List<String> HOT_CLASSES = List.of(
            "Decoder",
            "Stream",
            "Builder",
            "RelationMap",
            "Sink",
            "Maker",
            "Acknowledgement",
            "Producer",
            "Partitioners");

    private final String root;

    FloorPlan(String root) {
        this.root = root;
    }

    /** A rule's name to the rule. */
    Map<String, ArchRule> rules() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        rules.put("every package is in the plan", everyPackageIsInThePlan());
        IMPORTS.forEach((name, allowed) -> rules.put("imports of " + name, imports(name, allowed)));
        for (String kind : COMPONENTS) {
            rules.put("imports of " + kind, componentsStandAlone(kind));
        }
        rules.put("only BuiltIns names components", onlyBuiltInsNamesComponents());
        rules.put("event needs the JDK only", eventNeedsTheJdkOnly());
        rules.put("no cycles between packages", noCycles());
        LIBRARIES.forEach((library, users) -> rules.put("users of " + library, usersOf(library, users)));
        rules.put("packages are null-marked", packagesAreNullMarked());
        rules.put("names say what", namesSayWhat());
        rules.put("no abstract class", noAbstractClass());
        rules.put("System.out belongs to the command line", standardStreamsBelongToTheCommandLine());
        rules.put("no stream on the hot path", noStreamOnTheHotPath());
        return rules;
    }

    private ArchRule everyPackageIsInThePlan() {
        String[] planned = Stream.concat(IMPORTS.keySet().stream(), COMPONENTS.stream())
                .map(this::below)
                .toArray(String[]::new);
        return classes().that(not(resideInAPackage(root))).should().resideInAnyPackage(planned);
    }

    private ArchRule imports(String name, List<String> allowed) {
        DescribedPredicate<JavaClass> allowedHere = resideInAnyPackage(Stream.concat(Stream.of(name), allowed.stream())
                .map(this::below)
                .toArray(String[]::new));
        DescribedPredicate<JavaClass> wiring =
                name.equals("cli") ? resideInAPackage(root) : DescribedPredicate.alwaysFalse();
        return classes()
                .that()
                .resideInAPackage(below(name))
                .should()
                .onlyDependOnClassesThat(not(ours()).or(allowedHere).or(wiring))
                .as(name + " imports " + allowed + " only")
                .allowEmptyShould(true);
    }

    private ArchRule componentsStandAlone(String kind) {
        return classes()
                .that()
                .resideInAPackage(below(kind))
                .should(new ArchCondition<JavaClass>("import event, spi and its own package only") {
                    @Override
                    public void check(JavaClass component, ConditionEvents events) {
                        DescribedPredicate<JavaClass> allowed = not(ours())
                                .or(resideInAnyPackage(below("event"), below("spi"), componentOf(component) + ".."));
                        component.getDirectDependenciesFromSelf().stream()
                                .filter(dependency -> !allowed.test(
                                        dependency.getTargetClass().getBaseComponentType()))
                                .forEach(dependency -> events.add(
                                        SimpleConditionEvent.violated(component, dependency.getDescription())));
                    }
                })
                .allowEmptyShould(true);
    }

    /** {@code root.sink.kafka} of {@code root.sink.kafka.anything.Here}. */
    private String componentOf(JavaClass component) {
        String[] parts = component.getPackageName().substring(root.length() + 1).split("\\.", -1);
        return root + "." + parts[0] + (parts.length > 1 ? "." + parts[1] : "");
    }

    private ArchRule onlyBuiltInsNamesComponents() {
        return classes()
                .that()
                .resideInAPackage(root)
                .and()
                .doNotHaveSimpleName("BuiltIns")
                .should()
                .onlyDependOnClassesThat(not(resideInAnyPackage(below(COMPONENTS))))
                .allowEmptyShould(true);
    }

    private ArchRule eventNeedsTheJdkOnly() {
        return classes()
                .that()
                .resideInAnyPackage(below("event"))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("java..", "org.jspecify..", below("event")));
    }

    private ArchRule noCycles() {
        return slices().matching(root + ".(**)").should().beFreeOfCycles();
    }

    private ArchRule usersOf(String library, List<String> users) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(below(users))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library + "..")
                .as(library + " is used by " + users + " only");
    }

    private ArchRule packagesAreNullMarked() {
        return classes().should(new ArchCondition<JavaClass>("be in a package with a null-marked package-info") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                boolean marked = item.getPackage()
                        .tryGetPackageInfo()
                        .map(info -> info.isAnnotatedWith(NullMarked.class))
                        .orElse(false);
                events.add(new SimpleConditionEvent(item, marked, item.getName() + " is in an unmarked package"));
            }
        });
    }

    private static ArchRule namesSayWhat() {
        return noClasses()
                .should()
                .haveNameMatching(".*[.$](?:(?:Abstract|Base)[A-Z]\\w*|\\w*(?:Manager|Helper|Utils?|Impl|Base))")
                .as("names say what: no Manager, Helper, Util, Impl, Abstract, Base");
    }

    private static ArchRule noAbstractClass() {
        return classes()
                .that()
                .areNotInterfaces()
                .and()
                .areNotEnums()
                .and()
                .areNotAssignableTo(Throwable.class) // an exception has no other way to be sealed
                .should()
                .notHaveModifier(JavaModifier.ABSTRACT)
                .as("composition: no abstract class");
    }

    private ArchRule standardStreamsBelongToTheCommandLine() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(below("cli"))
                .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
                .as("System.out and System.err belong to cli; everyone else logs");
    }

    private ArchRule noStreamOnTheHotPath() {
        DescribedPredicate<JavaClass> hotClass = DescribedPredicate.or(
                HOT_CLASSES.stream().map(end -> simpleNameEndingWith(end)).toList());
        return noClasses()
                .that(resideInAnyPackage(below(HOT_PACKAGES))
                        .or(resideInAnyPackage(below("source"), below("engine"), below("sink"))
                                .and(hotClass)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.stream..")
                .as("no java.util.stream where it runs once per event");
    }

    private DescribedPredicate<JavaClass> ours() {
        return resideInAPackage(root + "..");
    }

    private String below(String name) {
        return root + "." + name + "..";
    }

    private String[] below(List<String> names) {
        return names.stream().map(this::below).toArray(String[]::new);
    }
}
