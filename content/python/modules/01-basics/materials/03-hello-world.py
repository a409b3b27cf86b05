# My first program: it greets the world, and then one person in it.
print("Hello, world")
print()

name = "Ada"
print("Hello,", name)
print(f"{name} has {len(name)} letters.")
