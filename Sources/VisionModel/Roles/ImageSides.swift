package import VisionImage
import VisionSystem
import VisionTensor

/// The extents of an image for axes that a file leaves open.
package struct ImageSides: Sendable, Hashable {
  package var channels: Int
  package var height: Int
  package var width: Int

  package init(channels: Int = 3, height: Int, width: Int) {
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// The extents that a preprocessing produces.
  package init(_ preprocessing: Preprocessing) {
    self.init(
      channels: preprocessing.channels.count, height: preprocessing.height, width: preprocessing.width)
  }

  /// The assumed size if none is given: that of most classifiers.
  package static let usual = ImageSides(height: 224, width: 224)

  /// The extents for an input's axes, nil for the batch; nil as a whole if the input is not an image.
  ///
  /// The channels are the axis with a fixed extent of 1, 3 or 4, or else the first axis after the batch.
  func extents(for declared: [OnnxValueInfo.Extent]) -> [Int?]? {
    guard (3...4).contains(declared.count) else { return nil }
    func mayBeChannels(_ extent: OnnxValueInfo.Extent) -> Bool {
      if case .fixed(let extent) = extent { [1, 3, 4].contains(extent) } else { false }
    }
    let axes = declared.suffix(3)
    let isImage =
      declared.count == 4 || mayBeChannels(axes[axes.startIndex]) || mayBeChannels(axes[axes.endIndex - 1])
    guard isImage else { return nil }
    let isLast = mayBeChannels(axes[axes.endIndex - 1]) && !mayBeChannels(axes[axes.startIndex])
    let sides = isLast ? [height, width, channels] : [channels, height, width]
    return [Int?](repeating: nil, count: declared.count - 3) + sides
  }
}
