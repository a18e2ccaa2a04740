import VisionServing

/// What a request may cost. What is above is refused before memory is taken for it.
package struct RequestLimits: Sendable, Hashable {
  /// The most bytes of a request's body.
  package var bodyBytes = 64 << 20
  /// The most bytes that the bodies of all requests take together.
  package var allBodies = 512 << 20
  /// The most pixels of an image.
  package var pixels = 64 << 20
  /// The most images of a request.
  package var images = 64
  /// Images that may wait; more are refused with status 429.
  package var queue = 128
  /// Seconds in which a request must have arrived, and again in which its answer must have begun.
  package var seconds = 30.0
  /// Connections at a time; others wait to be accepted.
  package var connections = 1024

  package init() {}

  var served: ServedLimits { ServedLimits(pixels: pixels, bytes: bodyBytes) }
}
