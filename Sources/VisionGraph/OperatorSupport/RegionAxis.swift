import VisionSystem

/// A region along one axis of an image, cut into bins, each of which is sampled at equal distances.
///
/// `Number` is the type in which the network computes: where a sample falls, and how many there are, follows from rounded numbers.
package struct RegionAxis<Number: BinaryFloatingPoint> {
  /// Where the region begins, in elements.
  let start: Number
  /// Elements from bin to bin.
  let bin: Number
  /// Samples of each bin.
  package let samples: Int

  /// A sample between two elements, `low` with weight 1 − `part` and `high` with weight `part`.
  package struct Sample {
    package var low: Int
    package var high: Int
    package var part: Number
  }

  /// - Parameter samples: how many each bin has; 0 for about one an element.
  package init(
    from first: Number, to last: Number, scale: Float, bins: Int, samples: Int, isHalfPixel: Bool
  ) {
    let offset: Number = isHalfPixel ? 0.5 : 0
    start = first * Number(scale) - offset
    var extent = last * Number(scale) - offset - start
    if !isHalfPixel { extent = max(extent, 1) }
    bin = extent / Number(bins)
    self.samples =
      samples > 0 ? samples : max(Int(saturating: Double((extent / Number(bins)).rounded(.up))), 0)
  }

  /// The samples of a bin that are not outside.
  func samples(ofBin number: Int, extent: Int) -> [Sample] {
    (0..<samples).compactMap { sample($0, ofBin: number, extent: extent) }
  }

  /// A sample of a bin; nil where it lies more than one element outside of 0..<extent.
  private func sample(_ index: Int, ofBin number: Int, extent: Int) -> Sample? {
    let at = start + Number(number) * bin + (Number(index) + 0.5) * bin / Number(samples)
    guard at >= -1, at <= Number(extent) else { return nil }
    let position = max(at, 0)
    let low = Int(saturating: Double(position))
    if low >= extent - 1 { return Sample(low: extent - 1, high: extent - 1, part: 0) }
    return Sample(low: low, high: low + 1, part: position - Number(low))
  }
}
