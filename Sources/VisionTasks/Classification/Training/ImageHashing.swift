import VisionData
import VisionCompute
import VisionImage
package import VisionModel
import VisionSystem
import VisionTensor

/// Computes the hashes of image files that models keep.
package enum ImageHashing {
  /// The hash of each file; nil for a file that cannot be read.
  package static func hashes(of paths: [String], threads: Int? = nil) -> [ImageHash?] {
    let limit = ImageOptions().maximumFileBytes
    let results = Locked([ImageHash?](repeating: nil, count: paths.count))
    Executor(threads: threads).forEach(count: paths.count) { index, _ in
      guard let file = try? FileBytes(path: paths[index], limit: limit) else { return }
      let hash = ImageHash(ContentHash(of: file.bytes))
      results.withLock { $0[index] = hash }
    }
    return results.withLock { $0 }
  }
}

extension Model.TrainingImages {
  /// The training and validation images of a training.
  ///
  /// - Parameters:
  ///   - hashes: the hashes of the files of `data.images`, in their order.
  ///   - isRefitted: whether the weights were also fitted to the validation images.
  init(_ data: ImageFolder, hashes: [ContentHash], isRefitted: Bool) {
    let (fitted, chosen) = (data.training.count, data.training.count + data.validation.count)
    let own = hashes.map { ImageHash($0) }
    self.init(
      training: ImageHashes(own.prefix(isRefitted ? chosen : fitted)),
      validation: ImageHashes(isRefitted ? [] : own.dropFirst(fitted).prefix(chosen - fitted)))
  }
}
