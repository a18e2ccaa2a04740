import VisionCompute
import VisionGraph
import VisionImage
import VisionModel
import VisionRuntime
import VisionSystem
import VisionTensor

/// One thread's share of a feature extractor: memory to decode, prepare and run one image after another.
final class FeatureWorker {
  enum Outcome {
    case cached(ContentHash)
    /// With what is odd about the file.
    case computed(ContentHash, odd: String?)
    case unreadable(ImageError)
    /// Nothing to do with the image.
    case failed(TrainingError)
  }

  private let plan: Plan
  private var workspace: Workspace
  private let input: ImageInput
  /// As the model has it, by which files are read.
  private let preprocessing: Preprocessing
  /// As the network's input needs it.
  private let effective: Preprocessing
  /// The model in messages.
  private let modelName: String
  private let scratch = PreprocessingScratch()
  private let isStrictDecoding: Bool

  /// - Parameter isStrictDecoding: whether odd files are refused, see `ImageOptions.isStrict`.
  init(_ plan: Plan, _ backbone: Backbone, isStrictDecoding: Bool) {
    self.isStrictDecoding = isStrictDecoding
    self.plan = plan
    input = backbone.input
    preprocessing = backbone.preprocessing
    effective = input.effective(preprocessing)
    modelName = backbone.model.provenance.map { "the network '\($0.name)'" } ?? "the network"
    workspace = plan.makeWorkspace(for: Executor(threads: 1))
  }

  /// Reads a file and writes its features into what `target` gives, unless `find` knows them by the file's hash and has
  /// written them already.
  func read(
    _ path: String, find: (ContentHash) -> Bool, into target: () -> UnsafeMutableBufferPointer<Float>
  ) -> Outcome {
    do throws(ImageError) {
      let options = ImageOptions(isStrict: isStrictDecoding, preprocessing: preprocessing)
      let file = try FileBytes(path: path, limit: options.maximumFileBytes)
      let hash = ContentHash(of: file.bytes)
      // Only decoding shows whether a file is odd.
      if !isStrictDecoding, find(hash) { return .cached(hash) }
      let image = try Image(encoded: file.bytes, name: path, options: options)
      try prepare(image)
      do throws(GraphError) {
        try plan.run(in: &workspace)
      } catch { return .failed(TrainingError(error)) }
      workspace.withOutput(0) { _ = target().update(fromContentsOf: $0.bindMemory(to: Float.self)) }
      guard target().allSatisfy(\.isFinite) else {
        return .failed(
          TrainingError(
            .notFinite, "\(modelName) gives numbers for the image that are not finite", place: path,
            remedy: "check the model's weights, and that the preprocessing is the model's"))
      }
      return .computed(hash, odd: image.warning)
    } catch { return .unreadable(error) }
  }

  private func prepare(_ image: Image) throws(ImageError) {
    var failure: ImageError?
    workspace.withInput(0) { bytes in
      do throws(ImageError) {
        try input.write(image, effective, into: bytes, scratch: scratch)
      } catch { failure = error }
    }
    if let failure { throw failure }
  }
}
