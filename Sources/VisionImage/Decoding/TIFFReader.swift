import CImageCodecs
import VisionSystem
import VisionTensor

/// Reads the first page of a TIFF with libtiff.
struct TIFFReader: FormatReader {
  let info: ImageInfo
  let minimumFileBytes: Int
  var library = SystemLibrary.tiff
  private let bytes: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) throws(ImageError) {
    let header = try TIFFHeader(bytes)
    self.bytes = bytes
    (info, minimumFileBytes) = (header.info, header.minimumFileBytes)
  }

  func decode(part: Int, _ options: ImageOptions) throws(ImageError) -> DecodedPixels {
    try DecodedPixels(width: info.width, height: info.height, isBlack: options.allowsTruncated) {
      (rgb) throws(ImageError) in
      try CodecStatus.check(.tiff, library: library) { message in
        vn_tiff_decode(
          library.names, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, UInt32(info.width),
          UInt32(info.height), options.sampleLevels, options.allowsTruncated ? 1 : 0, rgb, message)
      }
    }
  }
}
