package dev.raccoon.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server counts since its start. The same figures go out as Prometheus text and as one
 * flat JSON object, in which the names that dashboards of the first Coon server read are kept.
 * Thread-safe.
 */
public final class BuildMetrics {
  private static final Logger log = LoggerFactory.getLogger(BuildMetrics.class);
  private static final String INFRASTRUCTURE =
      "Tries of builds that failed for a fault of ours, or whose node fell silent";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<String, Supplier<Number>> flat = new LinkedHashMap<>();
  private final Outcomes clones =
      outcomes("package.clone", "raccoon_fetches", "Fetches of sources");
  private final Outcomes builds = outcomes("package.build", "raccoon_builds", "Builds that ended");
  private final Counter loaded;
  private final Counter notLoaded;
  private final Counter damaged;
  private final Counter troubles;
  private final Counter givenUp;

  /** Figures that all begin at zero. */
  public BuildMetrics() {
    loaded = counter("raccoon_downloads", "success", "Package files asked for");
    notLoaded = counter("raccoon_downloads", "fail", "Package files asked for");
    damaged =
        Counter.builder("raccoon_damaged_artifacts")
            .description("Packages and logs that were asked for and whose bytes were wrong")
            .register(registry);
    troubles = counter("raccoon_infrastructure_failures", "again", INFRASTRUCTURE);
    givenUp = counter("raccoon_infrastructure_failures", "given_up", INFRASTRUCTURE);
    flat.put("counter.infrastructure.again", troubles::count);
    flat.put("counter.infrastructure.given.up", givenUp::count);
    flat.put("counter.artifact.damaged", damaged::count);
    flat.put("gauge.package.load.success", loaded::count);
    flat.put("gauge.package.load.fail", notLoaded::count);
    flat.put("counter.package.load.all", () -> loaded.count() + notLoaded.count());
  }

  /** A source was fetched, or could not be. */
  public void fetched(boolean ok, Duration took) {
    clones.record(ok, took);
  }

  /** A build has ended. */
  public void built(boolean ok, Duration took) {
    builds.record(ok, took);
  }

  /** Tries of builds came to nothing by our fault: they run again, or have failed for good. */
  public void infrastructure(int again, int failed) {
    troubles.increment(again);
    givenUp.increment(failed);
  }

  /** A package file was asked for. */
  public void loaded(boolean found) {
    (found ? loaded : notLoaded).increment();
  }

  /** A package or log was asked for, and its bytes were not what its digest says. */
  public void damaged() {
    damaged.increment();
  }

  /** Adds a figure that is read when somebody asks for it. */
  public void gauge(String name, String help, Supplier<Number> value) {
    Gauge.builder("raccoon_" + name, value).description(help).register(registry);
    flat.put("gauge." + name.replace('_', '.'), value);
  }

  /** All figures in Prometheus' text format. */
  public String prometheus() {
    return registry.scrape();
  }

  /** The figures by the names that collectd reads; one that cannot be read now is left out. */
  public Map<String, Number> flat() {
    Map<String, Number> now = new LinkedHashMap<>();
    flat.forEach((name, value) -> read(name, value).ifPresent(read -> now.put(name, read)));
    return now;
  }

  private static Optional<Number> read(String name, Supplier<Number> value) {
    try {
      return Optional.of(whole(value.get()));
    } catch (RuntimeException e) {
      log.debug("The figure {} cannot be read", name, e);
      return Optional.empty();
    }
  }

  private static Number whole(Number value) {
    return value.doubleValue() == Math.rint(value.doubleValue())
        ? (Number) value.longValue()
        : value;
  }

  private record Outcomes(Timer ok, Timer fail) {
    void record(boolean good, Duration took) {
      (good ? ok : fail).record(took);
    }
  }

  private Outcomes outcomes(String flatName, String name, String help) {
    Timer ok = timer(name, "success", help);
    Timer fail = timer(name, "fail", help);
    flat.put("gauge." + flatName + ".ok", ok::count);
    flat.put("gauge." + flatName + ".fail", fail::count);
    return new Outcomes(ok, fail);
  }

  private Timer timer(String name, String result, String help) {
    return Timer.builder(name).description(help).tag("result", result).register(registry);
  }

  private Counter counter(String name, String result, String help) {
    return Counter.builder(name).description(help).tag("result", result).register(registry);
  }
}
