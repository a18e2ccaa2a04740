import CVisionKernels

/// Products of matrices that both change, packed while running: C = A·B, m×k times k×n.
enum MatrixCases {
  static func cases() -> [KernelCase] {
    [(1024, 1024, 1024), (3136, 64, 576), (196, 256, 2304), (49, 512, 4608), (49, 1280, 320)].map {
      m, n, k in
      KernelCase(
        kind: "gemm", name: "\(m) × \(n) × \(k)", flops: 2 * Double(m) * Double(n) * Double(k),
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
}
