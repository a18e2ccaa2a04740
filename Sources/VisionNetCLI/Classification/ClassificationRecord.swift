import VisionNet
import VisionSystem

/// What became of one image.
struct ClassificationRecord: Sendable {
  enum Outcome: Sendable {
    /// Of an upright image of these sides; the time from the first byte read to the last label.
    case labels([Prediction], width: Int, height: Int, milliseconds: Double)
    case failure(any VisionError)
  }

  let path: FilePath
  let outcome: Outcome
  /// What was wrong with an image that was labeled all the same.
  var damage: String?

  var error: (any VisionError)? {
    if case .failure(let error) = outcome { error } else { nil }
  }
}
