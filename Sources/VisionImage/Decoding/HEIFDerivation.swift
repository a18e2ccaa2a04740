/// What a decoder must decode for the primary image of a HEIF container: the image, the images that it is derived
/// from, their alpha, and so on.
///
/// libheif 1.15 follows these references without looking for circles, with a thread for each image, and decodes
/// an image as often as it is referred to.
struct HEIFDerivation {
  /// The pixels of all decoded images, each counted as often as it is decoded.
  private(set) var pixels = 0
  /// Whether an image is derived from itself, or over more steps than any real file has.
  private(set) var isEndless = false

  /// Limit for the steps from the primary image to coded pixels. Real files have up to three: an overlay of grids of
  /// tiles, with alpha.
  private static let maximumDepth = 8
  /// Counted for an image at least, since each costs a decoder of its own.
  private static let minimumPixels = 64 * 64

  private let container: HEIFContainer
  private let sources: [Int: [Int]]
  private var known: [Int: Int] = [:]

  init(_ container: HEIFContainer) {
    self.container = container
    var sources: [Int: [Int]] = [:]
    for reference in container.references {
      if reference.name == ISOBoxes.name("dimg") { sources[reference.from, default: []] += reference.to }
      if reference.name == ISOBoxes.name("auxl") {
        for item in reference.to { sources[item, default: []].append(reference.from) }
      }
    }
    self.sources = sources
    pixels = count(container.primary, depth: 0)
  }

  private mutating func count(_ item: Int, depth: Int) -> Int {
    if let known = known[item] { return known }
    guard depth <= Self.maximumDepth else {
      isEndless = true
      return 0
    }
    let areas = HEIFCodedSize.all(container, item: item)
      .map { $0.width.multipliedReportingOverflow(by: $0.height) }.map {
        $0.overflow ? Int.max : $0.partialValue
      }
    var total = max(areas.max() ?? 0, Self.minimumPixels)
    for source in sources[item] ?? [] {
      let part = count(source, depth: depth + 1)
      if isEndless { return 0 }
      let sum = total.addingReportingOverflow(part)
      total = sum.overflow ? Int.max : sum.partialValue
    }
    known[item] = total
    return total
  }
}
