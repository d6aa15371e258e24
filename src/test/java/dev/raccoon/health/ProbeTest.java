package dev.raccoon.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.testing.Patience;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ProbeTest {
  @Test
  void aDatabaseThatDoesNotAnswerIsNotWaitedFor() {
    CountDownLatch answer = new CountDownLatch(1);
    AtomicInteger questions = new AtomicInteger();
    Probe probe =
        new Probe(
            () -> {
              questions.incrementAndGet();
              try {
                answer.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return true;
            },
            Duration.ofMillis(20));

    assertThat(probe.answers()).isFalse();
    assertThat(probe.answers()).isFalse();
    assertThat(questions).hasValue(1);
    answer.countDown();
    assertThat(Patience.await(() -> Optional.of(probe.answers()).filter(up -> up))).isTrue();
  }

  @Test
  void whatItSaysIsBelieved() {
    assertThat(new Probe(() -> true, Probe.PATIENCE).answers()).isTrue();
    assertThat(new Probe(() -> false, Probe.PATIENCE).answers()).isFalse();
    Probe broken =
        new Probe(
            () -> {
              throw new IllegalStateException("closed");
            },
            Probe.PATIENCE);
    assertThat(broken.answers()).isFalse();
  }
}
