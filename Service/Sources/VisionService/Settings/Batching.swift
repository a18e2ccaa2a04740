/// How images of several requests are put into one run of a network.
package struct Batching: Sendable, Hashable {
  /// The most images in a run.
  package var size = 1
  /// Milliseconds that an image waits for others; 0 takes only those that are waiting anyway.
  package var milliseconds = 0.0

  package init() {}
}
