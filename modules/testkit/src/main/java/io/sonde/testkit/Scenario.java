package io.sonde.testkit;

import static io.sonde.testkit.Course.DNS;
import static io.sonde.testkit.Course.TCP;
import static io.sonde.testkit.Course.THROUGHPUT;
import static io.sonde.testkit.Course.TLS;
import static io.sonde.testkit.Course.TTFB;

import io.sonde.testkit.Course.Span;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Days of network QoE of which it is known what was wrong. The same seed and number give the same series. A step takes two to
 * five times what is usual, at once, for half an hour to three hours, and never in the first two hours.
 */
public final class Scenario {
    public static final Scenario GAUSSIAN =
            new Scenario("healthy, Gaussian noise", course -> course.gaussian(0.05, 0.25));
    public static final Scenario LOGNORMAL =
            new Scenario("healthy, lognormal noise", course -> course.lognormal(0.30, 0.50));
    public static final Scenario DIURNAL = new Scenario("healthy, twice as slow by day", Scenario::diurnal);
    public static final Scenario SPIKES = new Scenario("server spikes, single minutes", Scenario::spikes);
    public static final Scenario WIFI = new Scenario("client on bad Wi-Fi", Scenario::wifi);
    public static final Scenario DNS_STEP = new Scenario("DNS step", Scenario::dnsStep);
    public static final Scenario DNS_DRIFT = new Scenario("DNS drift over two hours", Scenario::dnsDrift);
    public static final Scenario HANDSHAKE_STEP =
            new Scenario("handshake step", course -> step(course, TCP, "handshake-bound"));
    public static final Scenario TLS_VERSION = new Scenario("TLS version change", Scenario::tlsVersion);
    public static final Scenario SERVER_STEP =
            new Scenario("server step", course -> step(course, TTFB, "server-bound"));
    public static final Scenario THROUGHPUT_DROP = new Scenario("throughput drop", Scenario::throughputDrop);
    public static final Scenario LONGER_ROUTE = new Scenario("longer route", Scenario::longerRoute);
    public static final Scenario RESOLVER_OUTAGE =
            new Scenario("resolver outage", course -> outage(course, DNS, "resolver-failure"));
    public static final Scenario TARGET_OUTAGE =
            new Scenario("target outage", course -> outage(course, TCP, "connect-failure"));
    public static final Scenario SPARSE = new Scenario("server step, one sample a minute", Scenario::sparse);
    public static final Scenario GAPS = new Scenario("server step, minutes missing", Scenario::gaps);
    public static final Scenario MIXED = new Scenario("mixed", Scenario::mixed);

    public static final List<Scenario> ALL = List.of(
            GAUSSIAN,
            LOGNORMAL,
            DIURNAL,
            SPIKES,
            WIFI,
            DNS_STEP,
            DNS_DRIFT,
            HANDSHAKE_STEP,
            TLS_VERSION,
            SERVER_STEP,
            THROUGHPUT_DROP,
            LONGER_ROUTE,
            RESOLVER_OUTAGE,
            TARGET_OUTAGE,
            SPARSE,
            GAPS,
            MIXED);

    private static final double LEAST_STEP = 2;
    private static final double GREATEST_STEP = 5;

    private final String title;
    private final Consumer<Course> happens;

    private Scenario(String title, Consumer<Course> happens) {
        this.title = title;
        this.happens = happens;
    }

    public String title() {
        return title;
    }

    /** Nothing is wrong in it but noise. */
    public boolean isHealthy() {
        return this == GAUSSIAN || this == LOGNORMAL || this == DIURNAL;
    }

    /** All that is wrong in it is a step as above, and what it limits is to be found. */
    public boolean isStep() {
        return !isHealthy() && this != SPIKES && this != WIFI && this != DNS_DRIFT && this != TLS_VERSION;
    }

    @Override
    public String toString() {
        return title;
    }

    /** @param number which of the series of this seed */
    public Labelled series(long seed, int number, int minutes) {
        var course = new Course(random(seed, title, number), minutes);
        happens.accept(course);
        return course.measured();
    }

    /** A server step of this size under lognormal noise of this width, in everything else as {@link #SERVER_STEP}. */
    public static Labelled serverStep(long seed, int number, int minutes, double size, double width) {
        var course = new Course(random(seed, SERVER_STEP.title, number), minutes);
        course.lognormal(width, width);
        Span span = course.anyTime();
        course.factor(TTFB, span, size);
        course.isTrue("server-bound", span);
        return course.measured();
    }

    private static SplittableRandom random(long seed, String title, int number) {
        return new SplittableRandom(1_000_000_007L * seed + 10_007L * title.hashCode() + number);
    }

    private static double size(Course course) {
        return course.between(LEAST_STEP, GREATEST_STEP);
    }

    private static void step(Course course, int stage, String label) {
        Span span = course.anyTime();
        course.factor(stage, span, size(course));
        course.isTrue(label, span);
    }

    private static void diurnal(Course course) {
        double phase = course.random.nextDouble();
        for (int minute = 0; minute < course.minutes; minute++) {
            double slower = 1.5 - Math.cos(2 * Math.PI * (minute / 1440.0 + phase)) / 2;
            for (int stage = DNS; stage <= TTFB; stage++) {
                course.factor(stage, minute, slower);
            }
            course.factor(THROUGHPUT, minute, 1 / slower);
        }
    }

    /** Never three in five minutes. */
    private static void spikes(Course course) {
        for (int minute = course.random.nextInt(30); minute < course.minutes; minute += course.random.nextInt(3, 60)) {
            course.factor(TTFB, minute, course.between(3, 10));
        }
    }

    private static void wifi(Course course) {
        course.lognormal(0.40, 0.60);
        course.retries(course.between(0.02, 0.05));
        Span always = new Span(0, course.minutes);
        course.fails(TCP, always, course.between(0.01, 0.05));
        course.fails(THROUGHPUT, always, course.between(0.01, 0.05));
    }

    /** The look-up takes 70 to 90 % of the total then: below 60 % it would not be what limits. */
    private static void dnsStep(Course course) {
        double size = size(course);
        slowLookUps(course, size);
        Span span = course.anyTime();
        course.factor(DNS, span, size);
        course.isTrue("dns-bound", span);
    }

    private static void slowLookUps(Course course, double size) {
        double share = course.random.nextDouble(0.70, 0.90);
        double others = course.usual[TCP] + course.usual[TLS] + course.usual[TTFB];
        course.usual[DNS] = others * share / (1 - share) / size;
    }

    private static void dnsDrift(Course course) {
        double size = size(course);
        slowLookUps(course, size);
        int from = course.random.nextInt(120, Math.max(121, course.minutes - 240));
        Span span = new Span(from, Math.min(course.minutes, from + 240));
        for (int minute = span.from(); minute < span.to(); minute++) {
            course.factor(DNS, minute, Math.pow(size, Math.min(1, (minute - span.from()) / 120.0)));
        }
        course.isTrue("dns-bound", span);
    }

    /** From one round trip to two; in a third of the series for good. */
    private static void tlsVersion(Course course) {
        Span some = course.anyTime();
        Span span = course.random.nextInt(3) == 0 ? new Span(some.from(), course.minutes) : some;
        course.factor(TLS, span, 1 + course.usual[TCP] / course.usual[TLS]);
        course.isTrue("handshake-bound", span);
    }

    private static void throughputDrop(Course course) {
        Span span = course.anyTime();
        course.factor(THROUGHPUT, span, 1 / size(course));
        course.isTrue("throughput-bound", span);
    }

    /** A round trip more or less is in each stage but the look-up, and throughput rides on it. */
    private static void longerRoute(Course course) {
        Span span = course.anyTime();
        double size = size(course);
        double longer = (size - 1) * course.usual[TCP];
        course.factor(TCP, span, size);
        course.factor(TLS, span, 1 + longer / course.usual[TLS]);
        course.factor(TTFB, span, 1 + longer / course.usual[TTFB]);
        course.factor(THROUGHPUT, span, 1 / size);
        course.isTrue("handshake-bound", span);
    }

    private static void outage(Course course, int stage, String label) {
        Span span = course.anyTime();
        course.fails(stage, span, course.random.nextDouble(0.70, 1));
        course.isTrue(label, span);
    }

    private static void sparse(Course course) {
        course.samples(1, 1);
        step(course, TTFB, "server-bound");
    }

    /** A fifth of the minutes, and an hour at once. */
    private static void gaps(Course course) {
        step(course, TTFB, "server-bound");
        for (int minute = 0; minute < course.minutes; minute++) {
            if (course.random.nextInt(5) == 0) {
                course.isMissing(new Span(minute, minute + 1));
            }
        }
        int from = course.random.nextInt(Math.max(1, course.minutes - 60));
        course.isMissing(new Span(from, from + 60));
    }

    /** A slow server, after a while a slow handshake as well, later throughput alone. */
    private static void mixed(Course course) {
        int third = course.minutes / 3;
        int from = course.random.nextInt(120, third);
        Span server = new Span(from, from + course.random.nextInt(60, 120));
        Span handshake = new Span(from + course.random.nextInt(30, 50), server.to() + course.random.nextInt(10, 60));
        int later = course.random.nextInt(third + 180, course.minutes - 180);
        Span throughput = new Span(later, later + course.random.nextInt(30, 180));
        course.factor(TTFB, server, size(course));
        course.isTrue("server-bound", server);
        course.factor(TCP, handshake, size(course));
        course.isTrue("handshake-bound", handshake);
        course.factor(THROUGHPUT, throughput, 1 / size(course));
        course.isTrue("throughput-bound", throughput);
    }
}
