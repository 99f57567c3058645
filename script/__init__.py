"""The commands of the repository; script.benchmarks is what script/bench measures."""
