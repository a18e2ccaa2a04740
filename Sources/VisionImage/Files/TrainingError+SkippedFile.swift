package import VisionSystem

extension TrainingError {
  /// A file that cannot be used where all have to be.
  package static func skipped(_ file: SkippedFile) -> TrainingError {
    TrainingError(
      .skipped, "\(file.code): \(file.message)", place: file.path,
      remedy: "repair or remove the file, or skip bad files by leaving --strict away")
  }
}
