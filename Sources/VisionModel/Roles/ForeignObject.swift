import VisionImage
import VisionSystem
import VisionTensor

/// The members of a JSON object written by another program, checked when they are read.
struct ForeignObject {
  let json: JSONText
  /// The path of keys to the object, each followed by a dot.
  let path: String

  func error(_ key: String, _ message: String, remedy: String? = nil) -> ImageError {
    ImageError(.invalidPreprocessing, message, place: path + key, remedy: remedy)
  }

  /// The error for a setting that VisionNet's preprocessing cannot express.
  func refusal(_ key: String, _ message: String) -> ImageError {
    error(key, message, remedy: "write the preprocessing in VisionNet's own JSON")
  }

  /// The value, unless it is null.
  subscript(key: String) -> JSONText? {
    guard let value = json[key] else { return nil }
    if case .null = value { return nil }
    return value
  }

  func required(_ key: String) throws(ImageError) -> JSONText {
    guard let value = self[key] else { throw error(key, "the key is missing") }
    return value
  }

  func flag(_ key: String, default standard: Bool) throws(ImageError) -> Bool {
    guard let value = self[key] else { return standard }
    guard case .bool(let flag) = value else { throw error(key, "is neither true nor false") }
    return flag
  }

  func number(_ key: String, default standard: Double) throws(ImageError) -> Double {
    guard let value = self[key] else { return standard }
    guard let number = value.double, number.isFinite else { throw error(key, "is no number") }
    return number
  }

  /// The value as a side of an image; errors refer to `key`.
  func side(_ value: JSONText, _ key: String) throws(ImageError) -> Int {
    guard let side = value.double.flatMap({ Int(exactly: $0) }), Preprocessing.sides.contains(side) else {
      throw error(key, "is no whole number between 1 and \(Preprocessing.sides.upperBound)")
    }
    return side
  }

  /// One number for each of 1 or 3 channels.
  func numbers(_ value: JSONText, _ key: String) throws(ImageError) -> [Double] {
    let items = value.array ?? [value, value, value]
    let numbers = items.compactMap(\.double)
    guard numbers.count == items.count, numbers.count == 1 || numbers.count == 3 else {
      throw error(key, "is neither a number nor a list of 1 or 3 numbers")
    }
    return numbers
  }

  /// ⌊side / fraction⌋: the size of an image whose central `fraction` has the length `side`.
  func resized(_ side: Int, by fraction: Double, _ key: String) throws(ImageError) -> Int {
    guard fraction > 0, fraction <= 1,
      let size = Int(exactly: (Double(side) / fraction).rounded(.towardZero)),
      Preprocessing.sides.contains(size)
    else { throw error(key, "\(fraction) is not above 0 and at most 1, or the images get too large") }
    return size
  }

  /// The preprocessing; errors refer to `key`.
  func preprocessing(
    width: Int, height: Int, _ fit: FitMode, _ filter: ResamplingFilter, isBGR: Bool, scale: Double,
    mean: [Double], deviation: [Double], _ key: String
  ) throws(ImageError) -> Preprocessing {
    guard mean.count == deviation.count else {
      throw error(key, "mean and deviation are not of as many channels")
    }
    do {
      return try Preprocessing(
        width: width, height: height, fit: fit, filter: filter,
        channels: mean.count == 1 ? .gray : isBGR ? .bgr : .rgb,
        scale: [Double](repeating: scale, count: mean.count), mean: mean, deviation: deviation)
    } catch {
      throw refusal(key, error.place.map { "\(error.message) (\($0))" } ?? error.message)
    }
  }
}
