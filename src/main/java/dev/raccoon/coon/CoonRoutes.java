package dev.raccoon.coon;

import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.build.BuildRequests;
import dev.raccoon.catalog.BuildEnds;
import dev.raccoon.catalog.BuildStore;
import dev.raccoon.catalog.DependencyStore;
import dev.raccoon.catalog.LogStore;
import dev.raccoon.catalog.SearchStore;
import dev.raccoon.http.BuildAccess;
import dev.raccoon.http.Route;
import dev.raccoon.http.Traffic;
import dev.raccoon.http.WaitingRoom;
import dev.raccoon.metrics.BuildMetrics;
import dev.raccoon.queue.CancelStore;
import dev.raccoon.queue.Fleet;
import dev.raccoon.queue.QueueControlStore;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The Coon protocol: its paths, and what answers each. */
public final class CoonRoutes {
  private static final Set<String> BUILDING = Set.of("/buildAsync", "/buildSync", "/rebuild");

  private CoonRoutes() {}

  /** What the lists and downloads are read from. */
  public record Catalog(
      BuildStore builds,
      SearchStore search,
      LogStore logs,
      ArtifactStore artifacts,
      DependencyStore dependencies,
      QueueControlStore queue,
      Fleet fleet) {}

  /** What is needed to take requests; {@code longestWait} is {@code /buildSync}'s. */
  public record Building(
      BuildAccess access,
      BuildRequests requests,
      CancelStore cancels,
      BuildEnds ends,
      Duration longestWait) {}

  /** The routes. */
  public static List<Route> of(Catalog catalog, Building building, BuildMetrics metrics) {
    QueuePlaces places = new QueuePlaces(catalog.queue(), catalog.fleet());
    CoonBuilds builds =
        new CoonBuilds(
            building.access(),
            building.requests(),
            catalog.builds(),
            catalog.dependencies(),
            places,
            building.ends(),
            building.longestWait());
    CoonCancel cancels =
        new CoonCancel(building.access(), catalog.builds(), building.cancels(), places);
    CoonLists lists = new CoonLists(catalog.search());
    CoonDownloads downloads =
        new CoonDownloads(
            catalog.builds(), catalog.search(), catalog.logs(), catalog.artifacts(), metrics);
    return List.of(
        Route.post("/buildAsync", builds::buildAsync),
        Route.post("/buildSync", new WaitingRoom().around(builds::buildSync)),
        Route.post("/rebuild", builds::rebuild),
        Route.post("/cancel", cancels::cancel),
        Route.get("/search", lists::search),
        Route.post("/builds", lists::builds),
        Route.get("/builds/:id", builds::build),
        Route.post("/versions", lists::versions),
        Route.get("/last_builds", lists::lastBuilds),
        Route.get("/download/:id", downloads::download),
        Route.post("/get", downloads::get),
        Route.get("/build_log", downloads::buildLog));
  }

  /** What a request to {@code path} costs the server. */
  public static Traffic traffic(String path) {
    return BUILDING.contains(path) ? Traffic.BUILD : Traffic.READ;
  }
}
