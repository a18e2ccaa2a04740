import CVisionKernels

/// Products of matrices that both change, packed while running: C = A·B, m×k times k×n.
enum MatrixCases {
  private static let shapes: [(m: Int, n: Int, k: Int)] = [
    (1024, 1024, 1024), (3136, 64, 576), (196, 256, 2304), (49, 512, 4608), (49, 1280, 320),
  ]

  static func cases() -> [KernelCase] { shapes.map { product($0.m, $0.n, $0.k) } }

  private static func product(_ m: Int, _ n: Int, _ k: Int) -> KernelCase {
    KernelCase(
      kind: "gemm", name: "\(m) × \(n) × \(k)", flops: 2 * Double(m * n * k),
      bytes: 4 * Double(m * k + k * n + m * n)
    ) { machine in
      let (a, b, c) = (FloatMemory(m * k), FloatMemory(k * n), FloatMemory(m * n))
      let scratch = FloatMemory(vn_gemm_scratch_floats(machine.kernels, m, n, k, Int32(machine.threads)))
      return {
        vn_gemm(
          machine.kernels, m, n, k, 1, a.floats, Int64(k), false, b.floats, Int64(n), false, 0, c.floats,
          Int64(n), scratch.floats, machine.pool)
      }
    }
  }
}
