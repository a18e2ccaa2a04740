import CVisionKernels

/// Kernels that are as fast as memory: pooling, functions of elements, normalization, layouts.
enum MemoryCases {
  static func cases(batch: Int) -> [KernelCase] {
    pooling(batch) + unary(batch) + binary(batch) + normalization(batch) + rows(batch) + layouts(batch)
  }

  // MARK: Pooling

  private static func pooling(_ n: Int) -> [KernelCase] {
    [
      pool("max 3×3/2 64 @112", n, c: 64, side: 112, kernel: 3, stride: 2, pad: 1, isMaximum: true),
      pool("max 2×2/2 64 @224", n, c: 64, side: 224, kernel: 2, stride: 2, pad: 0, isMaximum: true),
      pool("average 2×2/2 16 @56", n, c: 16, side: 56, kernel: 2, stride: 2, pad: 0, isMaximum: false),
      globalAverage("global average 512 @7", n, c: 512, side: 7),
      globalAverage("global average 1280 @7", n, c: 1280, side: 7),
    ]
  }

  private static func pool(
    _ name: String, _ n: Int, c: Int, side: Int, kernel: Int, stride: Int, pad: Int, isMaximum: Bool
  ) -> KernelCase {
    let out = (side + 2 * pad - kernel) / stride + 1
    let (x, y) = (n * side * side * c, n * out * out * c)
    return KernelCase(kind: "pooling", name: name, flops: 0, bytes: 4 * Double(x + y)) { machine in
      var window = window(n, c, side, out)
      (window.kh, window.kw) = (Int32(kernel), Int32(kernel))
      (window.stride_h, window.stride_w) = (Int32(stride), Int32(stride))
      (window.pad_top, window.pad_left) = (Int32(pad), Int32(pad))
      (window.pad_bottom, window.pad_right) = (Int32(pad), Int32(pad))
      let (x, y) = (FloatMemory(x), FloatMemory(y))
      let run = isMaximum ? vn_max_pool : vn_average_pool
      return { run(machine.kernels, &window, x.floats, y.floats, machine.pool) }
    }
  }

  private static func globalAverage(_ name: String, _ n: Int, c: Int, side: Int) -> KernelCase {
    KernelCase(kind: "pooling", name: name, flops: 0, bytes: 4 * Double(n * c * (side * side + 1))) {
      machine in
      var window = window(n, c, side, 1)
      (window.kh, window.kw) = (Int32(side), Int32(side))
      let (x, y) = (FloatMemory(n * c * side * side), FloatMemory(n * c))
      return { vn_global_average_pool(machine.kernels, &window, x.floats, y.floats, machine.pool) }
    }
  }

  private static func window(_ n: Int, _ c: Int, _ side: Int, _ out: Int) -> vn_window {
    var window = vn_window()
    (window.n, window.h, window.w, window.c) = (Int32(n), Int32(side), Int32(side), Int32(c))
    (window.oh, window.ow) = (Int32(out), Int32(out))
    (window.stride_h, window.stride_w, window.dilation_h, window.dilation_w) = (1, 1, 1, 1)
    (window.x_pixel, window.x_row, window.x_image) = (Int64(c), Int64(c * side), Int64(c * side * side))
    (window.y_pixel, window.y_row, window.y_image) = (Int64(c), Int64(c * out), Int64(c * out * out))
    return window
  }

  // MARK: Elements

  private static func unary(_ n: Int) -> [KernelCase] {
    [
      ("ReLU 256 @56", VN_RELU), ("hard swish 256 @56", VN_HARD_SWISH), ("SiLU 256 @56", VN_SILU),
      ("GELU 256 @56", VN_GELU),
    ].map { name, function in
      let count = n * 256 * 56 * 56
      return KernelCase(kind: "elementwise", name: name, flops: 0, bytes: 8 * Double(count)) { machine in
        let (x, y) = (FloatMemory(count), FloatMemory(count))
        return { vn_unary(machine.kernels, function, 1, 1, count, x.floats, y.floats, machine.pool) }
      }
    }
  }

  private static func binary(_ n: Int) -> [KernelCase] {
    let (rows, columns) = (n * 56 * 56, 256)
    let affine = KernelCase(
      kind: "elementwise", name: "scale and shift of channels 256 @56", flops: 0,
      bytes: 8 * Double(rows * columns)
    ) { machine in
      let (x, y) = (FloatMemory(rows * columns), FloatMemory(rows * columns))
      let (scale, shift) = (FloatMemory(columns), FloatMemory(columns))
      return {
        vn_channel_affine(
          machine.kernels, rows, columns, x.floats, Int64(columns), scale.floats, shift.floats, VN_RELU, 0, 0,
          y.floats, Int64(columns), machine.pool)
      }
    }
    let sum = KernelCase(
      kind: "elementwise", name: "sum of two 256 @56", flops: 0, bytes: 12 * Double(rows * columns)
    ) { machine in
      let (a, b, y) = (
        FloatMemory(rows * columns), FloatMemory(rows * columns), FloatMemory(rows * columns)
      )
      return {
        vn_binary(
          machine.kernels, VN_ADD, rows, columns, vn_operand(data: a.floats, row: Int64(columns), column: 1),
          vn_operand(data: b.floats, row: Int64(columns), column: 1), y.floats, Int64(columns), machine.pool)
      }
    }
    return [sum, affine]
  }

  // MARK: Normalization

  private static func normalization(_ n: Int) -> [KernelCase] {
    let (rows, channels) = (n * 56 * 56, 64)
    let norm = vn_batch_norm(
      rows: rows, channels: channels, epsilon: 1e-5, low: 0, high: .infinity, of_batch: true)
    let count = rows * channels
    let forward = KernelCase(
      kind: "batch norm forward", name: "with ReLU 64 @56", flops: 0, bytes: 12 * Double(count)
    ) { machine in
      var norm = norm
      let (x, y) = (FloatMemory(count), FloatMemory(count))
      let parts = (0..<4).map { _ in FloatMemory(channels) }
      let scratch = FloatMemory(vn_batch_norm_scratch_floats(&norm))
      return {
        // Nothing is left to the convolutions beside it.
        var sharing = vn_batch_norm_sharing()
        vn_batch_norm_forward(
          machine.kernels, &norm, x.floats, parts[0].floats, parts[1].floats, nil, parts[2].floats,
          parts[3].floats, y.floats, &sharing, scratch.floats, machine.pool)
      }
    }
    let backward = KernelCase(
      kind: "batch norm backward", name: "with ReLU 64 @56", flops: 0, bytes: 20 * Double(count)
    ) { machine in
      var norm = norm
      let (x, y, g, gx) = (
        FloatMemory(count), FloatMemory(count), FloatMemory(count), FloatMemory(count)
      )
      let parts = (0..<6).map { _ in FloatMemory(channels) }
      let scratch = FloatMemory(vn_batch_norm_scratch_floats(&norm))
      // Mean and variance of the batch itself, as a step has them.
      var sharing = vn_batch_norm_sharing()
      vn_batch_norm_forward(
        machine.kernels, &norm, x.floats, parts[0].floats, parts[1].floats, nil, parts[2].floats,
        parts[3].floats, y.floats, &sharing, scratch.floats, machine.pool)
      return {
        var sharing = vn_batch_norm_sharing()
        vn_batch_norm_backward(
          machine.kernels, &norm, g.floats, x.floats, nil, parts[0].floats, parts[1].floats, parts[2].floats,
          parts[3].floats, gx.floats, parts[4].floats, parts[5].floats, nil, &sharing, scratch.floats,
          machine.pool)
      }
    }
    return [forward, backward]
  }

  private static func rows(_ n: Int) -> [KernelCase] {
    [
      KernelCase(kind: "rows", name: "softmax 1000", flops: 0, bytes: 8 * Double(n * 1000)) { machine in
        let (x, y) = (FloatMemory(n * 1000), FloatMemory(n * 1000))
        return { vn_softmax(machine.kernels, n, 1000, 1, x.floats, y.floats, machine.pool) }
      }
    ]
  }

  // MARK: Layouts

  private static func layouts(_ n: Int) -> [KernelCase] {
    [("NCHW to NHWC 3 @224", 3, 224), ("NCHW to NHWC 64 @56", 64, 56)].map { name, c, side in
      let count = n * c * side * side
      return KernelCase(kind: "layout", name: name, flops: 0, bytes: 8 * Double(count)) { machine in
        let (x, y) = (FloatMemory(count), FloatMemory(count))
        return {
          vn_nchw_to_nhwc(
            machine.kernels, n, c, side * side, x.floats, y.floats, Int64(c), Int64(c * side * side),
            machine.pool)
        }
      }
    }
  }
}
