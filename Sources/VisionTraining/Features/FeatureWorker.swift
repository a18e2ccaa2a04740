import VisionCompute
import VisionGraph
import VisionImage
import VisionRuntime
import VisionTensor

/// One thread's share of a feature extractor: memory to decode, prepare and run one picture after another.
final class FeatureWorker {
  enum Outcome {
    case cached(ContentHash)
    case computed(ContentHash)
    case unreadable(ImageError)
    /// Nothing to do with the picture.
    case failed(TrainingError)
  }

  private let plan: Plan
  private var workspace: Workspace
  private let preprocessing: Preprocessing
  private let scratch = PreprocessingScratch()

  init(_ plan: Plan, _ preprocessing: Preprocessing) {
    self.plan = plan
    self.preprocessing = preprocessing
    workspace = plan.makeWorkspace(for: Executor(threads: 1))
  }

  /// Reads a file and writes its features into what `target` gives, unless `find` knows them by the file's hash and has
  /// written them already.
  func read(
    _ path: String, find: (ContentHash) -> Bool, into target: () -> UnsafeMutableBufferPointer<Float>
  ) -> Outcome {
    do throws(ImageError) {
      let options = ImageOptions(preprocessing: preprocessing)
      let file = try FileBytes(path: path, limit: options.maximumFileBytes)
      let hash = ContentHash(of: file.bytes)
      if find(hash) { return .cached(hash) }
      let image = try Image(encoded: file.bytes, name: path, options: options)
      try prepare(image)
      do throws(GraphError) {
        try plan.run(in: &workspace)
      } catch { return .failed(TrainingError(error)) }
      workspace.withOutput(0) { _ = target().update(fromContentsOf: $0.bindMemory(to: Float.self)) }
      guard target().allSatisfy(\.isFinite) else {
        return .failed(
          TrainingError("network", "the network's features of a picture are no numbers", place: path))
      }
      return .computed(hash)
    } catch { return .unreadable(error) }
  }

  private func prepare(_ image: Image) throws(ImageError) {
    var failure: ImageError?
    workspace.withInput(0) { bytes in
      do throws(ImageError) {
        try preprocessing.write(
          image, into: bytes.bindMemory(to: Float.self), layout: .nchw, scratch: scratch)
      } catch { failure = error }
    }
    if let failure { throw failure }
  }
}
