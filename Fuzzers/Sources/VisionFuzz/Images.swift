import VisionImage
import VisionNet

/// Images from bytes.
enum Images {
  /// Small limits, so that a second is worth many inputs.
  private static var options: ImageOptions {
    ImageOptions(maximumPixels: 1 << 18, maximumSide: 1 << 14, maximumFileBytes: 1 << 20)
  }

  /// Of any format: what the input begins like tells it, and each target's corpus leads to one of them.
  static func decode(_ bytes: UnsafeRawBufferPointer) {
    let info = try? ImageInfo(encoded: bytes)
    var lenient = options
    lenient.allowsTruncated = true
    if let shown = try? Image(encoded: bytes, name: "fuzz", options: lenient) {
      require(shown.withUnsafePixels { $0.count } == shown.width * shown.height * 3)
    }
    guard let image = try? Image(encoded: bytes, name: "fuzz", options: options) else { return }
    require(info != nil && image.damage == nil, "what is read has a header, and is whole")
    require(image.width * image.height <= options.maximumPixels, "no more pixels than allowed")
    require(image.withUnsafePixels { $0.count } == image.width * image.height * 3)
    // What has been read can be resized and written.
    let preprocessing = Preprocessing.squashed(8)
    _ = try? preprocessing.apply(to: image)
  }

  /// The input as the XMP segment of a tiny JPEG.
  static func xmp(_ bytes: UnsafeRawBufferPointer) {
    let body = Array("http://ns.adobe.com/xap/1.0/\0".utf8) + Array(bytes.prefix(60_000))
    let length = body.count + 2
    let jpeg = [0xff, 0xd8, 0xff, 0xe1, UInt8(length >> 8), UInt8(length & 255)] + body + frame
    require(jpeg.withUnsafeBytes { try? ImageInfo(encoded: $0) } != nil)
  }

  /// A frame header of 8×8 gray and the beginning of a scan: enough for `ImageInfo`.
  private static let frame: [UInt8] = [
    0xff, 0xc0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0,
  ]

  /// The input as the EXIF segment of a tiny JPEG, then as the eXIf chunk of a PNG.
  static func exif(_ bytes: UnsafeRawBufferPointer) {
    let body = Array(bytes.prefix(60_000))
    let length = body.count + 8
    let segment =
      [0xff, 0xd8, 0xff, 0xe1, UInt8(length >> 8), UInt8(length & 255)] + Array("Exif".utf8) + [0, 0] + body
    let jpeg = segment + frame
    let info = jpeg.withUnsafeBytes { try? ImageInfo(encoded: $0) }
    require(info != nil)
  }
}
