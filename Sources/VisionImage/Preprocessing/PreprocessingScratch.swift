/// The memory and tables of a preprocessing, kept from one image to the next.
///
/// After the first image of a size, further ones allocate nothing. Only one thread at a time may use it.
public final class PreprocessingScratch {
  var resizer = Resizer()
  private var image: PixelStorage?
  private(set) var tables: [Float] = []
  private var preprocessing: Preprocessing?

  public init() {}

  /// The size of the kept memory in bytes, except a few tables.
  package var byteCount: Int { resizer.byteCount + (image?.byteCount ?? 0) + 4 * tables.count }

  /// Memory for the network's image: at least `bytes` bytes.
  func imageMemory(_ bytes: Int) throws(ImageError) -> UnsafeMutablePointer<UInt8> {
    if let image, image.byteCount >= bytes { return image.base }
    image = nil
    let memory = try PixelStorage(byteCount: bytes)
    image = memory
    return memory.base
  }

  /// Fills a table of 256 values for each channel, computed in double precision and rounded once.
  func prepareTables(_ wanted: Preprocessing) {
    guard preprocessing != wanted else { return }
    preprocessing = wanted
    tables.removeAll(keepingCapacity: true)
    for channel in 0..<wanted.channels.count {
      for pixel in 0..<256 {
        let value = (Double(pixel) * wanted.scale[channel] - wanted.mean[channel]) / wanted.deviation[channel]
        tables.append(Float(value))
      }
    }
  }
}
