import VisionModel
import VisionTasks

/// How many images a model was made with, by the hashes in its file.
struct TrainingUse {
  let images: Int
  let training: Int
  let validation: Int

  /// Nil where the model was made without hashes, or nobody says what it is.
  init?(of paths: [String], in model: Model?, threads: Int?) {
    guard let known = model?.trainingImages else { return nil }
    let uses = ImageHashing.hashes(of: paths, threads: threads)
      .compactMap { hash in hash.flatMap { known.use(of: $0).use } }
    images = paths.count
    (training, validation) = (uses.count { $0 == .training }, uses.count { $0 == .validation })
  }

  /// The text of a warning; nil if figures on these images are a valid test result, as far as is known.
  ///
  /// - Parameter choice: what the images that no weight was fitted to were used for, such as `choose its settings`.
  func warning(choice: String) -> String? {
    guard training + validation > 0 else { return nil }
    let parts = [(training, "train this model"), (validation, choice)]
      .filter { $0.0 > 0 }.map { "\($0.0) to \($0.1)" }
    return
      "of the \(images) images, \(parts.joined(separator: ", and ")) were used: this is not a test result"
  }
}
