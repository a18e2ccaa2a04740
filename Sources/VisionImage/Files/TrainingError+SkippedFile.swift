package import VisionSystem

extension TrainingError {
  /// The error for a file that cannot be used, where all files are required.
  package static func skipped(_ file: SkippedFile) -> TrainingError {
    TrainingError(
      .skipped, "\(file.code): \(file.message)", place: file.path,
      remedy: "repair or remove the file, or skip bad files by leaving --strict away")
  }
}
