minutes = int(input())

hours = minutes // 60
rest = minutes % 60

print(f"{minutes} minutes are {hours} h {rest} min")
