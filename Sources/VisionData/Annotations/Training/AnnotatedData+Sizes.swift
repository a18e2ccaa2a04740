import VisionSystem

/// How large images and objects are, by the annotations alone.
extension AnnotatedData {
  /// Objects whose size, the root of their area, is below this number of pixels of an input count as lost.
  package static let lostSize = 8.0

  /// The part of the learned objects whose size, the root of their area, would be below a number of pixels in an input
  /// into which whole images are fitted; 0 without objects.
  package func shareBelow(_ pixels: Double, in size: ImageSize) -> Double {
    var (small, all) = (0, 0)
    for image in training {
      let scale = min(
        Double(size.width) / Double(image.width), Double(size.height) / Double(image.height))
      for object in image.objects where object.isLearned {
        all += 1
        if object.box.area.squareRoot() * scale < pixels { small += 1 }
      }
    }
    return all == 0 ? 0 : Double(small) / Double(all)
  }

  /// The ratio of width to height that nine in ten training images have to within a tenth, in 1/3...3; nil if there is
  /// none.
  package var commonShape: Double? {
    let ratios = training.map { Double($0.width) / Double($0.height) }.sorted()
    guard !ratios.isEmpty else { return nil }
    let middle = ratios[ratios.count / 2]
    let similar = ratios.count { $0 < middle * 1.1 && middle < $0 * 1.1 }
    return similar * 10 >= ratios.count * 9 ? min(max(middle, 1.0 / 3), 3) : nil
  }

  /// The median of the training images' longer sides, in pixels.
  package var longerSide: Int {
    let sides = training.map { max($0.width, $0.height) }.sorted()
    return sides.isEmpty ? 0 : sides[sides.count / 2]
  }
}
