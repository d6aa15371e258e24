package dev.raccoon.http;

import dev.raccoon.db.Database;
import dev.raccoon.db.FullDisk;
import dev.raccoon.value.InvalidValueException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs endpoints as blocking code, each on a virtual thread of its own, and makes an answer of
 * whatever comes of it. Beyond {@link #MAX_RUNNING} at once, requests are refused at once.
 */
final class EndpointThreads implements AutoCloseable {
  static final int MAX_RUNNING = 2_000;

  /** Whoever waits in many places at once, for builds or to take in logs, leaves the most free. */
  static final int MAX_RUNNING_EACH = 500;

  /** Streams, and answers that are larger than one piece of a stream. */
  static final int MAX_LARGE = 64;

  static final int MAX_LARGE_EACH = 8;

  static final String OUR_ERROR = "An error of the server's; its operator finds it in its log.";

  private static final Logger log = LoggerFactory.getLogger(EndpointThreads.class);
  private static final long CLOSE_SECONDS = 5;

  private final Shares places = new Shares(MAX_RUNNING, MAX_RUNNING_EACH);
  private final Shares large = new Shares(MAX_LARGE, MAX_LARGE_EACH);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("request-", 1).factory());

  /**
   * Answers {@code client} by {@code endpoint}; {@code exchange} is asked for it on the endpoint's
   * thread, and what it throws is answered as well. {@code answered} runs in the end, before a long
   * answer is taken in.
   */
  void run(
      Endpoint endpoint,
      ClientKey client,
      Supplier<Exchange> exchange,
      Sender sender,
      Runnable answered) {
    Optional<ClientKey> place = Optional.of(client);
    Optional<Answer> refusal =
        places
            .enter(place)
            .refusal(
                "The server is busy: try again in a moment.",
                "You have "
                    + MAX_RUNNING_EACH
                    + " requests that are not answered yet: wait for one of them.");
    if (refusal.isPresent()) {
      answered.run();
      sender.send(refusal.get());
      return;
    }
    try {
      threads.execute(() -> {
        try {
          Answer answer = answer(endpoint, exchange, sender);
          answered.run();
          deliver(answer, place, sender);
        } finally {
          places.leave(place);
        }
      });
    } catch (RejectedExecutionException e) {
      places.leave(place);
      answered.run();
      sender.send(stopping());
    }
  }

  /** A large answer keeps its place until it is taken in, or cannot be. */
  private void deliver(Answer answer, Optional<ClientKey> client, Sender sender) {
    if (!isLarge(answer)) {
      sender.send(answer);
      return;
    }
    Optional<Answer> refusal =
        large
            .enter(client)
            .refusal(
                "The server sends many large answers just now: try again in a moment.",
                "You have "
                    + MAX_LARGE_EACH
                    + " large answers that you have not taken in yet: wait for one of them.");
    if (refusal.isPresent()) {
      Sender.forget(answer);
      sender.send(refusal.get());
    } else {
      sender.send(answer, () -> large.leave(client));
    }
  }

  /** A file is none: nothing of it is in memory. */
  private static boolean isLarge(Answer answer) {
    return switch (answer) {
      case Answer.Bytes bytes -> bytes.body().length > Sender.PIECE_BYTES;
      case Answer.Stream _ -> true;
      case Answer.StoredFile _ -> false;
    };
  }

  private static Answer stopping() {
    return Envelope.bad(503, "The server is stopping: ask again when it has started.");
  }

  private Answer answer(Endpoint endpoint, Supplier<Exchange> exchange, Sender sender) {
    try {
      return endpoint.answer(exchange.get());
    } catch (InvalidValueException e) {
      return Envelope.bad(400, String.valueOf(e.getMessage()));
    } catch (RefusedException e) {
      return e.answer();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return stopping();
    } catch (Exception | Error e) {
      if (Database.isAway(e)) {
        log.warn("{} could not be answered: the database is away", sender.requestLine());
        return Envelope.bad(503, "The database does not answer just now: try again in a moment.")
            .with("Retry-After", "5");
      }
      if (FullDisk.causes(e)) {
        log.warn("{} could not be answered: the disk is full", sender.requestLine());
        return Envelope.bad(503, "The server's disk is full: try again later.")
            .with("Retry-After", "60");
      }
      // An Error too: a request that nobody answers would hang until its client gives up.
      log.error("{} failed", sender.requestLine(), e);
      return Envelope.bad(500, OUR_ERROR);
    }
  }

  /** Interrupts the endpoints that still run, and waits a moment for their end. */
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        log.warn("Requests were still being answered when the server stopped");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
