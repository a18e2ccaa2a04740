/// What a served model tells of an image.
public enum ServedTask: String, Sendable, Hashable, CaseIterable {
  /// Labels with probabilities.
  case classification
  /// Objects with boxes.
  case detection
  /// Faces with boxes and five points.
  case faces

  /// What one calls the task in the imperative: the name of the command and of the service's route.
  public var verb: String {
    switch self {
    case .classification: "classify"
    case .detection: "detect"
    case .faces: "faces"
    }
  }
}
