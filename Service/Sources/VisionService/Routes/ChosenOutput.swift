import VisionServing

/// An output of a network in an answer.
struct ChosenOutput: Sendable {
  let tensor: ServedTensor
  /// Whether its numbers are bytes behind the JSON.
  let isBinary: Bool
}
