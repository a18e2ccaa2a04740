public import VisionSystem

/// Why a model could not be trained.
///
/// Errors of lower stages keep their code.
public struct TrainingError: VisionError, Hashable {
  /// The codes that training adds: `embedding`, `preprocessing`, `skipped` (a bad file when strict), `interrupted`.
  public let code: String
  public let message: String
  public let place: String?
  public let remedy: String?

  public init(_ code: String, _ message: String, place: String? = nil, remedy: String? = nil) {
    self.code = code
    self.message = message
    self.place = place
    self.remedy = remedy
  }

  /// An error of a lower stage, as it stands.
  public init(_ error: any VisionError) {
    self.init(error.code, error.message, place: error.place, remedy: error.remedy)
  }

  /// A file that cannot be used where all have to be.
  static func skipped(_ file: SkippedFile) -> TrainingError {
    TrainingError(
      "skipped", "\(file.code): \(file.message)", place: file.path,
      remedy: "repair or remove the file, or skip bad files by leaving --strict away")
  }
}

extension TrainingError {
  /// Any error: those of VisionNet as they stand.
  static func wrapping(_ error: any Error) -> TrainingError {
    if let error = error as? TrainingError { return error }
    if let error = error as? any VisionError { return TrainingError(error) }
    return TrainingError("unknown", "\(error)")
  }
}
