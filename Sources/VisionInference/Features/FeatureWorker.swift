import VisionCompute
import VisionGraph
import VisionImage
import VisionModel
import VisionRuntime
import VisionSystem
import VisionTensor

/// The part of a feature extractor that one thread uses: it decodes, prepares and runs one image after
/// another.
final class FeatureWorker {
  enum Outcome {
    case cached(ContentHash)
    /// `odd` describes irregularities of the file.
    case computed(ContentHash, odd: String?)
    case unreadable(ImageError)
    /// An error that the image's file is not the cause of.
    case failed(TrainingError)
  }

  private let session: Session
  private let input: ImageInputWriter
  /// The model's preprocessing, with which files are read.
  private let preprocessing: Preprocessing
  /// The name of the model in messages.
  private let modelName: String
  private let isStrictDecoding: Bool

  /// - Parameter isStrictDecoding: whether files with irregularities are rejected, see
  ///   `ImageOptions.isStrict`.
  init(_ session: Session, _ backbone: Backbone, isStrictDecoding: Bool) {
    self.isStrictDecoding = isStrictDecoding
    self.session = session
    input = backbone.writer
    preprocessing = backbone.preprocessing
    modelName = backbone.model.provenance.map { "the network '\($0.name)'" } ?? "the network"
  }

  /// Reads a file and writes its features to the memory that `target` returns, unless `find` returns true:
  /// then it has found the features by the file's hash and has written them already.
  func read(
    _ path: String, find: (ContentHash) -> Bool, into target: () -> UnsafeMutableBufferPointer<Float>
  ) -> Outcome {
    do {
      let options = ImageOptions(isStrict: isStrictDecoding, preprocessing: preprocessing)
      let file = try FileBytes(path: path, limit: options.maximumFileBytes)
      let hash = ContentHash(of: file.bytes)
      // Only decoding finds irregularities of a file.
      if !isStrictDecoding, find(hash) { return .cached(hash) }
      let image = try Image(encoded: file.bytes, name: path, options: options)
      _ = try session.write(1) { [input] _, slots, scratch in try input.write(image, into: slots, scratch) }
      try session.run()
      _ = target().update(fromContentsOf: session.outputs(0).floats(0))
      guard target().allSatisfy(\.isFinite) else {
        return .failed(
          TrainingError(
            .notFinite, "\(modelName) gives numbers for the image that are not finite", place: path,
            remedy: "check the model's weights, and that the preprocessing is the model's"))
      }
      return .computed(hash, odd: image.warning)
    } catch let error as ImageError { return .unreadable(error) } catch {
      return .failed(TrainingError.wrapping(error))
    }
  }
}
