import VisionNet
import VisionSystem

/// The result for one image.
struct ClassificationRecord: Sendable {
  enum Outcome: Sendable {
    /// The labels, the size of the upright image, and the time from the first byte read to the last label.
    case labels([Prediction], width: Int, height: Int, milliseconds: Double)
    case failure(any VisionError)
  }

  let path: FilePath
  let outcome: Outcome
  /// A defect of an image that was labeled nevertheless.
  var damage: String?

  var error: (any VisionError)? {
    if case .failure(let error) = outcome { error } else { nil }
  }
}
