import CVisionKernels

/// The forms in which one convolution can be computed, and the one that a plan chooses.
struct ConvolutionForms {
  /// im2col and GEMM; implicit im2col and depthwise; Winograd's algorithm; several narrow groups at a time.
  enum Form: String, CaseIterable { case im2col, direct, winograd, grouped }

  private let conv: vn_conv
  private let machine: Machine

  init(_ conv: vn_conv, on machine: Machine) { (self.conv, self.machine) = (conv, machine) }

  /// The forms that can compute the convolution.
  var available: [Form] {
    var conv = conv
    return Form.allCases.filter { form in
      switch form {
      case .im2col, .direct: true
      case .winograd: vn_winograd_applies(&conv)
      case .grouped: vn_grouped_applies(machine.kernels, &conv)
      }
    }
  }

  /// What `--convolutions auto` takes.
  var chosen: Form {
    var conv = conv
    if vn_winograd_pays(machine.kernels, &conv) { return .winograd }
    return vn_grouped_applies(machine.kernels, &conv) ? .grouped : .direct
  }

  /// What makes one run in a form, its memory laid out and its weights packed.
  func prepare(_ form: Form) -> () -> Void {
    var conv = conv
    let (kernels, pool, threads) = (machine.kernels, machine.pool, Int32(machine.threads))
    let x = FloatMemory(Int(conv.n) * Int(conv.x_image)), y = FloatMemory(Int(conv.n) * Int(conv.y_image))
    let bias = FloatMemory(Int(conv.o))
    let plain = FloatMemory(Int(conv.o) * Int(conv.c / conv.groups) * Int(conv.kh * conv.kw))
    switch form {
    case .im2col:
      var columns = Self.im2col(conv)
      let scratch = FloatMemory(vn_im2col_scratch_floats(kernels, &columns, threads))
      return {
        vn_im2col_run(
          kernels, &columns, x.floats, plain.floats, bias.floats, nil, y.floats, scratch.floats, pool)
      }
    case .direct:
      let packed = FloatMemory(vn_conv_packed_floats(kernels, &conv))
      vn_conv_pack(kernels, &conv, plain.floats, packed.floats)
      let scratch = FloatMemory(vn_conv_scratch_floats(kernels, &conv, threads))
      return {
        vn_conv_run(
          kernels, &conv, x.floats, packed.floats, bias.floats, nil, y.floats, scratch.floats, pool)
      }
    case .winograd:
      let packed = FloatMemory(vn_winograd_packed_floats(kernels, &conv))
      vn_winograd_pack(kernels, &conv, 0, Int(conv.o), plain.floats, packed.floats)
      let scratch = FloatMemory(vn_winograd_scratch_floats(kernels, &conv, threads))
      return {
        vn_winograd_run(
          kernels, &conv, x.floats, packed.floats, bias.floats, nil, y.floats, scratch.floats, pool)
      }
    case .grouped:
      let packed = FloatMemory(vn_grouped_packed_floats(kernels, &conv))
      vn_grouped_pack(kernels, &conv, plain.floats, packed.floats)
      let scratch = FloatMemory(vn_grouped_scratch_floats(kernels, &conv, threads))
      return {
        vn_grouped_run(
          kernels, &conv, x.floats, packed.floats, bias.floats, nil, y.floats, scratch.floats, pool)
      }
    }
  }

  private static func im2col(_ conv: vn_conv) -> vn_im2col {
    var result = vn_im2col()
    result.axes = 2
    (result.n, result.c, result.o) = (Int(conv.n), Int(conv.c), Int(conv.o))
    result.groups = Int(conv.groups)
    (result.in.0, result.in.1) = (Int64(conv.h), Int64(conv.w))
    (result.out.0, result.out.1) = (Int64(conv.oh), Int64(conv.ow))
    (result.kernel.0, result.kernel.1) = (Int64(conv.kh), Int64(conv.kw))
    (result.stride.0, result.stride.1) = (Int64(conv.stride_h), Int64(conv.stride_w))
    (result.dilation.0, result.dilation.1) = (Int64(conv.dilation_h), Int64(conv.dilation_w))
    (result.pad.0, result.pad.1) = (Int64(conv.pad_top), Int64(conv.pad_left))
    result.activation = conv.activation
    return result
  }
}
