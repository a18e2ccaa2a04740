import VisionModel
import VisionSystem

extension ImageHash {
  /// The hash that models keep of a file with this one.
  init(_ hash: ContentHash) { self.init(leading: hash.words.0) }
}
