package io.sonde.app.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.sql.Connection;
import java.sql.SQLException;

/** The house: which module may know which, and what may be said where. DESIGN's table of floors, as a test. */
@AnalyzeClasses(packages = "io.sonde", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseTest {
    @ArchTest
    static final ArchRule coreIsPure = classes()
            .that()
            .resideInAPackage("io.sonde.core..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.sonde.core..", "java..", "org.jspecify..", "com.datadoghq.sketch..");

    @ArchTest
    static final ArchRule coreAsksNoClockAndNoChance = noClasses()
            .that()
            .resideInAPackage("io.sonde.core..")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .dependOnClassesThat(resideInAnyPackage("java.net..", "java.nio.file..", "java.sql..", "javax.."));

    @ArchTest
    static final ArchRule qoeKnowsCore = knowsOnly("qoe", "core");

    @ArchTest
    static final ArchRule windowsKnowsCore = knowsOnly("windows", "core");

    @ArchTest
    static final ArchRule diagnosisKnowsCore = knowsOnly("diagnosis", "core");

    @ArchTest
    static final ArchRule problemsKnowsCore = knowsOnly("problems", "core");

    @ArchTest
    static final ArchRule busKnowsCore = knowsOnly("bus", "core");

    @ArchTest
    static final ArchRule notifyKnowsCore = knowsOnly("notify", "core");

    @ArchTest
    static final ArchRule otlpKnowsCore = knowsOnly("otlp", "core");

    /** What a module says of an event's way it says to the port of core. */
    @ArchTest
    static final ArchRule openTelemetryIsInOnePlaceAndInTheProbe = noClasses()
            .that()
            .resideOutsideOfPackages("io.sonde.otlp..", "io.sonde.probe..", "io.sonde.testkit..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.opentelemetry..");

    @ArchTest
    static final ArchRule targetKnowsNobody = knowsOnly("target");

    @ArchTest
    static final ArchRule edgeKnowsCoreAndBus = knowsOnly("edge", "core", "bus");

    @ArchTest
    static final ArchRule viewsKnowsCoreAndWhatIsJournalled = knowsOnly("views", "core", "diagnosis", "problems");

    @ArchTest
    static final ArchRule upkeepKnowsCoreAndViews = knowsOnly("upkeep", "core", "diagnosis", "views");

    @ArchTest
    static final ArchRule queryKnowsCoreProblemsViewsAndEdge = knowsOnly("query", "core", "problems", "views", "edge");

    @ArchTest
    static final ArchRule probeKnowsCoreQoeAndOtlp = knowsOnly("probe", "core", "qoe", "otlp");

    @ArchTest
    static final ArchRule modulesHaveNoCycles =
            slices().matching("io.sonde.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule packagesOfTheAppHaveNoCycles =
            slices().matching("io.sonde.app.(*)..").should().beFreeOfCycles();

    /** A connection may be asked whether it is alive; statements are made in few places. */
    @ArchTest
    static final ArchRule sqlIsInTablesAndStorage = noClasses()
            .that(isNoStore())
            .should()
            .dependOnClassesThat(resideInAPackage("java.sql..")
                    .and(DescribedPredicate.not(type(SQLException.class).or(type(Connection.class)))));

    /** What only says what a thing is has no use for actors. */
    @ArchTest
    static final ArchRule signalsKnowNoActors = noClasses()
            .that()
            .resideInAnyPackage("io.sonde.core..", "io.sonde.qoe..", "io.sonde.notify..", "io.sonde.target..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.pekko..");

    @ArchTest
    static final ArchRule namesSayWhatAThingIs = noClasses()
            .should()
            .haveNameMatching(".*[.$]((Abstract|Base|Default)[A-Z][^.$]*|[^.$]*(Impl|Utils?|Helper|Manager|Service))");

    private static ArchRule knowsOnly(String module, String... others) {
        String[] allowed = new String[others.length + 1];
        allowed[0] = "io.sonde." + module + "..";
        for (int i = 0; i < others.length; i++) {
            allowed[i + 1] = "io.sonde." + others[i] + "..";
        }
        return noClasses()
                .that()
                .resideInAPackage("io.sonde." + module + "..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("io.sonde..").and(DescribedPredicate.not(resideInAnyPackage(allowed))))
                .allowEmptyShould(true);
    }

    private static DescribedPredicate<JavaClass> isNoStore() {
        return DescribedPredicate.describe(
                "are no *Table, no *Store, none of their columns and conditions, no storage and no testkit",
                candidate -> !(outermost(candidate).matches(".*(Table|Store|Columns|Conditions)")
                        || candidate.getPackageName().startsWith("io.sonde.app.storage")
                        || candidate.getPackageName().startsWith("io.sonde.testkit")));
    }

    private static String outermost(JavaClass type) {
        return type.getEnclosingClass().map(HouseTest::outermost).orElseGet(type::getSimpleName);
    }
}
