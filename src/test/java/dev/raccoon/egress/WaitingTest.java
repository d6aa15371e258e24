package dev.raccoon.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.raccoon.testing.Patience;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WaitingTest {
  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final Waiting waiting = new Waiting(context);

  @AfterEach
  void stop() throws Exception {
    Waiting.on(vertx.close());
  }

  @Test
  void nothingBeginsAfterItsEnd() throws Exception {
    AtomicBoolean begun = new AtomicBoolean();
    waiting.end();

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() ->
            waiting.on(() -> {
              begun.set(true);
              return Future.succeededFuture();
            }));

    CountDownLatch next = new CountDownLatch(1);
    context.runOnContext(now -> next.countDown());
    next.await();
    assertThat(begun).isFalse();
  }

  @Test
  void whatComesAfterItsEndIsGivenToWhoClosesIt() throws Exception {
    Promise<String> connected = Promise.promise();
    CountDownLatch begun = new CountDownLatch(1);
    AtomicReference<String> late = new AtomicReference<>("");
    Thread ending =
        Thread.startVirtualThread(() -> {
          try {
            begun.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          waiting.end();
        });

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() ->
            waiting.on(
                () -> {
                  begun.countDown();
                  return connected.future();
                },
                late::set));
    ending.join();
    connected.complete("a socket");

    Patience.await(() -> Optional.of(late.get()).filter(each -> !each.isEmpty()));
    assertThat(late).hasValue("a socket");
  }
}
