import CVisionKernels
import Testing
import VisionCompute

/// A convolution of bfloat16 with its operands, some of which are stored as bfloat16.
struct BFloat16Case {
  /// Which images are stored so.
  struct Storage {
    var x = false
    var residual = false
    var y = false
  }

  let item: ConvolutionCase
  let storage: Storage
  /// With the strides of what is stored, in words of two.
  let conv: vn_conv
  let x: [UInt32]
  let residual: [UInt32]?

  init(_ item: ConvolutionCase, _ storage: Storage = Storage()) {
    self.item = item
    self.storage = storage
    var conv = item.conv
    let given = item.conv
    let (n, ow, oh) = (Int(conv.n), Int64(conv.ow), Int64(conv.oh))
    x =
      storage.x
      ? Self.stored(
        item.x, c: Int(conv.c), pixel: Int(conv.x_pixel), row: Int(conv.x_row), w: Int(conv.w),
        rows: n * Int(conv.h)) : item.x.map(\.bitPattern)
    residual = item.residual.map {
      storage.residual
        ? Self.stored(
          $0, c: Int(given.o), pixel: Int(given.r_pixel), row: Int(given.r_row), w: Int(ow), rows: n * Int(oh)
        )
        : $0.map(\.bitPattern)
    }
    if storage.x {
      conv.x_pixel = vn_bconv_pitch(conv.c)
      conv.x_row = conv.x_pixel * Int64(conv.w)
      conv.x_image = conv.x_row * Int64(conv.h)
    }
    let pitch = vn_bconv_pitch(conv.o)
    if storage.residual { (conv.r_pixel, conv.r_row, conv.r_image) = (pitch, pitch * ow, pitch * ow * oh) }
    if storage.y { (conv.y_pixel, conv.y_row, conv.y_image) = (pitch, pitch * ow, pitch * ow * oh) }
    self.conv = conv
  }

  /// By the definition: the nearest number with eight significant bits, of two the even one.
  static func rounded(_ x: Float) -> Float {
    guard x.isFinite, x != 0 else { return x }
    let unit = max(x.ulp, Float.leastNormalMagnitude.ulp) * 65536
    return (x / unit).rounded(.toNearestOrEven) * unit
  }

  /// An image of `c` channels as words; what lies between pixels is not a number.
  private static func stored(_ image: [Float], c: Int, pixel: Int, row: Int, w: Int, rows: Int) -> [UInt32] {
    let pitch = Int(vn_bconv_pitch(Int32(c))) * 2
    var halves = [UInt16](repeating: 0x7fc0, count: rows * w * pitch)
    for line in 0..<rows {
      for column in 0..<w {
        for channel in 0..<c {
          let value = rounded(image[line * row + column * pixel + channel])
          halves[(line * w + column) * pitch + channel] = UInt16(value.bitPattern >> 16)
        }
        if c % 2 == 1 { halves[(line * w + column) * pitch + c] = 0 }
      }
    }
    return halves.withUnsafeBytes { Array($0.bindMemory(to: UInt32.self)) }
  }

  /// The same convolution with its operands rounded, for the reference.
  var roundedOperands: ConvolutionCase {
    var item = item
    item.x = item.x.map(Self.rounded)
    item.weights = item.weights.map(Self.rounded)
    item.residual = item.residual?.map(Self.rounded)
    return item
  }

  func packed(_ k: OpaquePointer, avoidsInstructions: Bool = false, modelsTiles: Bool = false) -> [Float] {
    var b = vn_bconv()
    b.conv = conv
    b.avoids_dot_products = avoidsInstructions
    b.models_tiles = modelsTiles
    var packed = [Float](repeating: 0, count: vn_bconv_packed_floats(k, &b))
    var rows = [Float](repeating: .nan, count: Int(conv.o) * vn_bconv_row_floats(k, &b))
    vn_bconv_pack(k, &b, item.weights, &rows, &packed)
    return packed
  }

  /// Floats, or words, of y.
  var outputWords: Int { Int(conv.y_image) * Int(conv.n) }

  func run(_ executor: Executor, avoidsInstructions: Bool = false, modelsTiles: Bool = false) -> [Float] {
    let k = executor.kernels
    var b = vn_bconv()
    b.conv = conv
    b.avoids_dot_products = avoidsInstructions
    b.models_tiles = modelsTiles
    (b.x_is_bf16, b.residual_is_bf16, b.y_is_bf16) = (storage.x, storage.residual, storage.y)
    #expect(vn_bconv_applies(&b), "\(conv)")
    var scratch = [Float](repeating: .nan, count: vn_bconv_scratch_floats(k, &b, Int32(executor.threads)))
    var y = [Float](repeating: ConvolutionCase.gap, count: outputWords)
    let packed = packed(k, avoidsInstructions: avoidsInstructions, modelsTiles: modelsTiles)
    vn_bconv_run(k, &b, x, packed, item.bias, residual, &y, &scratch, executor.pool)
    return floats(y)
  }

  /// What a run wrote, where floats would be, with the same gaps.
  func floats(_ y: [Float]) -> [Float] {
    guard storage.y else { return y }
    let given = item.conv, pitch = Int(conv.y_pixel) * 2
    var result = [Float](repeating: ConvolutionCase.gap, count: item.outputFloats)
    y.withUnsafeBytes { bytes in
      let halves = bytes.bindMemory(to: UInt16.self)
      for line in 0..<Int(given.n * given.oh) {
        for column in 0..<Int(given.ow) {
          let (from, to) = (
            (line * Int(given.ow) + column) * pitch, line * Int(given.y_row) + column * Int(given.y_pixel)
          )
          for o in 0..<Int(given.o) { result[to + o] = Float(bitPattern: UInt32(halves[from + o]) << 16) }
        }
      }
    }
    return result
  }
}
