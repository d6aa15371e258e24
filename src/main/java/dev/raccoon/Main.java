package dev.raccoon;

/** x. */
public final class Main {
  private Main() {}

  /** x. */
  public static void main(String[] arguments) {
    System.out.println("hi");
  }
}
