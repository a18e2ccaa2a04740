extension Preprocessing {
  /// The same for an input of other sides, from which the same share of an image is cut out.
  ///
  /// - Parameter isWhole: whether nothing of a square image is cut off.
  /// - Throws: `ImageError` `invalidPreprocessing` for sides outside `sides`.
  package func resized(width: Int, height: Int, isWhole: Bool = false) throws(ImageError) -> Preprocessing {
    func scaled(_ side: Int, from old: Int, to new: Int) -> Int {
      isWhole ? new : max((side * new + old / 2) / old, new)
    }
    guard Self.sides.contains(width), Self.sides.contains(height) else {
      throw ImageError(
        .invalidPreprocessing, "\(width)×\(height) is not between 1 and \(Self.sides.upperBound)",
        place: "width, height")
    }
    let fit: FitMode =
      switch self.fit {
      case .centerCrop(let fraction): .centerCrop(fraction: isWhole ? 1 : fraction)
      case .resizeShorterSide(let side, let rounding):
        .resizeShorterSide(
          to: scaled(side, from: max(self.width, self.height), to: max(width, height)), rounding: rounding)
      case .resizeBoth(let columns, let rows, let rounding):
        .resizeBoth(
          width: scaled(columns, from: self.width, to: width),
          height: scaled(rows, from: self.height, to: height), rounding: rounding)
      case .squash, .letterbox: self.fit
      }
    return try Preprocessing(
      width: width, height: height, fit: fit, filter: filter, channels: channels, scale: scale, mean: mean,
      deviation: deviation, decoding: decoding, levels: levels)
  }
}
